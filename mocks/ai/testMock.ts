import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Behaviour } from './behaviour/behaviourSchema.ts';
import type { JournalEntry } from './journal/journalEntry.ts';
import { startAiMock } from './startAiMock.ts';

/** A mock for one test, with a scope of its own. */
export type TestMock = {
  url: string;
  controlUrl: string;
  scope: string;
  /** The headers that open the control listener. */
  auth: { authorization: string };
  behave: (behaviours: Behaviour[], seed?: number) => Promise<void>;
  /** Resolves once so many calls are in flight. */
  inFlight: (calls: number) => Promise<void>;
  /** The scope's journal once it holds so many calls; each ends soon after its client has seen the end. */
  journal: (calls: number) => Promise<JournalEntry[]>;
  /** A classification prompt that carries the nonce of a request. */
  prompt: (index: number, question?: string) => string;
};

/** Starts a mock in this process on free ports, and stops it when the test ends. */
export async function testMock(context: TestContext): Promise<TestMock> {
  const token = 'token-of-the-test';
  const mock = await startAiMock({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    controlToken: token,
    defaults: { seed: 1, behaviours: [] },
  });
  context.after(mock.stop);
  const { url, controlUrl } = mock;
  assert.ok(controlUrl !== null);
  const scope = randomBytes(4).toString('hex');
  const auth = { authorization: `Bearer ${token}` };

  const behave: TestMock['behave'] = async (behaviours, seed = 1) => {
    const response = await fetch(`${controlUrl}/scopes/${scope}`, {
      method: 'PUT',
      headers: auth,
      body: JSON.stringify({ seed, behaviours }),
    });
    assert.equal(response.status, 200, await response.text());
  };
  const read = async (path: string): Promise<string> =>
    (await fetch(controlUrl + path, { headers: auth })).text();
  const journal: TestMock['journal'] = (calls) =>
    until(async () => {
      const lines = (await read(`/scopes/${scope}/journal`)).split('\n').filter(Boolean);
      return lines.length >= calls ? lines.map((line) => JSON.parse(line)) : null;
    }, `${calls} calls in the journal`);
  const inFlight: TestMock['inFlight'] = (calls) =>
    until(
      async () => (JSON.parse(await read('/status')).inFlight === calls ? undefined : null),
      `${calls} calls in flight`,
    );
  const prompt: TestMock['prompt'] = (index, question = 'What is Q3 revenue?') =>
    `Classify the question. Answer with one JSON object.\nQuestion: ${question} [ref:${scope}-${index}]`;

  await behave([]);
  return { url, controlUrl, scope, auth, behave, inFlight, journal, prompt };
}

const TRIES = 1000;

/** Asks again until the answer is not `null`. */
async function until<Answer>(ask: () => Promise<Answer | null>, what: string): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return assert.fail(`waited in vain for ${what}`);
}
