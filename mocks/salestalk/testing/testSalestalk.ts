import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { type JWTPayload, SignJWT } from 'jose';
import { PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import type { ChatEvent } from '../api/chat/answerChat.ts';
import { type SalestalkOptions, startSalestalk } from '../startSalestalk.ts';
import { type FakeOllama, type FakeReply, goodModel, startFakeOllama } from './fakeOllama.ts';

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
  const token = await signTenantToken('acme-corp-001');

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

/** A token with these claims, by default signed with the tests' secret and valid for an hour. */
export function signToken(
  claims: JWTPayload,
  options: { secret?: string; alg?: string; expiresInSeconds?: number | null } = {},
): Promise<string> {
  const jwt = new SignJWT(claims).setProtectedHeader({ alg: options.alg ?? 'HS256' });
  const seconds = options.expiresInSeconds === undefined ? 3600 : options.expiresInSeconds;
  if (seconds !== null) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + seconds);
  return jwt.sign(new TextEncoder().encode(options.secret ?? TEST_SECRET));
}

export const signTenantToken = (tenantId: string): Promise<string> =>
  signToken({ 'custom:tenant_id': tenantId });

/** All events of a streamed chat answer, once it has ended. */
export async function streamEvents(response: Response): Promise<ChatEvent[]> {
  const lines = (await response.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

export const STREAM_HEADERS = { Accept: 'application/x-ndjson' };

/** Asks for a good answer in each of its forms: classification, whole chat, and the end of a streamed chat. */
export async function askInEachForm(salestalk: TestSalestalk): Promise<Record<string, unknown>[]> {
  const message = 'What is Q3 revenue?';
  const streamed = await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS });
  return [
    await (await salestalk.post('/classify', { question: message })).json(),
    await (await salestalk.post('/chat', { message })).json(),
    (await streamEvents(streamed)).at(-1) ?? assert.fail(),
  ];
}

/** The status that a caller gets when the model always gives this reply, and the attempts behind it. */
export async function classifyOnce(defects: string[], reply: FakeReply, policy = PLANNED_POLICY) {
  await using salestalk = await testSalestalk({ defects, policy });
  salestalk.ollama.answer(() => reply);
  const { status } = await salestalk.post('/classify', { question: 'What is Q3 revenue?' });
  const { calls } = salestalk.ollama;
  return { status, attempts: calls.length };
}

const PATIENCE_MS = 5_000;

/** Resolves once the condition holds; rejects after five seconds, so that the test fails. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`The condition did not come true: ${isSo}`);
    await setTimeout(5);
  }
}
