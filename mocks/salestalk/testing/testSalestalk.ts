import { type JWTPayload, SignJWT } from 'jose';
import { PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import type { ChatEvent } from '../api/chat/answerChat.ts';
import { type SalestalkOptions, startSalestalk } from '../startSalestalk.ts';
import { type FakeOllama, goodModel, startFakeOllama } from './fakeOllama.ts';

const TEST_SECRET = 'a secret that only the tests know';

export type TestSalestalk = {
  url: string;
  ollama: FakeOllama;
  /** A POST with a JSON body and the token of `acme-corp-001`, unless the headers say otherwise. */
  post(
    path: string,
    body: unknown,
    init?: { headers?: HeadersInit; signal?: AbortSignal },
  ): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A SalesTalk with a good model behind it, for as long as the test's block lasts. */
export async function testSalestalk(
  options: Partial<SalestalkOptions> = {},
): Promise<TestSalestalk> {
  const ollama = await startFakeOllama();
  ollama.answer(goodModel);
  const salestalk = await startSalestalk({
    host: '127.0.0.1',
    port: 0,
    jwtSecret: TEST_SECRET,
    ai: { provider: 'ollama', baseUrl: ollama.url, model: 'fake' },
    policy: PLANNED_POLICY,
    extraTenantCount: 3,
    defects: [],
    seed: 1,
    gcOnMetrics: false,
    demoSignIn: false,
    ...options,
  });
  const token = await tokenFor('acme-corp-001');

  return {
    url: salestalk.url,
    ollama,
    post(path, body, init = {}) {
      const headers = new Headers(init.headers);
      if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${token}`);
      return fetch(`${salestalk.url}${path}`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(init.signal === undefined ? {} : { signal: init.signal }),
      });
    },
    async [Symbol.asyncDispose]() {
      await salestalk.close();
      await ollama.close();
    },
  };
}

/** A token with these claims, signed by the tests' secret, an hour from running out. */
export function tokenWith(
  claims: JWTPayload,
  options: { secret?: string; alg?: string; expiresInSeconds?: number | null } = {},
): Promise<string> {
  const jwt = new SignJWT(claims).setProtectedHeader({ alg: options.alg ?? 'HS256' });
  const seconds = options.expiresInSeconds === undefined ? 3600 : options.expiresInSeconds;
  if (seconds !== null) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + seconds);
  return jwt.sign(new TextEncoder().encode(options.secret ?? TEST_SECRET));
}

export const tokenFor = (tenantId: string): Promise<string> =>
  tokenWith({ 'custom:tenant_id': tenantId });

/** All events of a streamed chat answer, once it has ended. */
export async function streamEvents(response: Response): Promise<ChatEvent[]> {
  const lines = (await response.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

export const AS_STREAM = { Accept: 'application/x-ndjson' };

/** A good answer in each of its forms: classification, whole chat, and the end of a streamed chat. */
export async function answerForms(salestalk: TestSalestalk): Promise<Record<string, unknown>[]> {
  const message = 'What is Q3 revenue?';
  const streamed = await (
    await salestalk.post('/chat', { message }, { headers: AS_STREAM })
  ).text();
  return [
    await (await salestalk.post('/classify', { question: message })).json(),
    await (await salestalk.post('/chat', { message })).json(),
    JSON.parse(streamed.trim().split('\n').at(-1) ?? ''),
  ];
}
