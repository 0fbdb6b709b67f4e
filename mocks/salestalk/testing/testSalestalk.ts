import { plannedPolicy } from '../api/ai/aiPolicy.ts';
import type { SalestalkOptions } from '../salestalkOptions.ts';
import { startSalestalk } from '../startSalestalk.ts';
import { type FakeOllama, startFakeOllama } from './fakeOllama.ts';
import { goodModel } from './goodModel.ts';
import { testSecret, tokenFor } from './token.ts';

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
    jwtSecret: testSecret,
    ai: { provider: 'ollama', baseUrl: ollama.url, model: 'fake' },
    policy: plannedPolicy,
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
