import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import { classificationText, type FakeReply, goodModel } from '../testing/fakeOllama.ts';
import { createIdleService } from '../testing/idleService.ts';
import { ManualClock } from '../testing/manualClock.ts';
import {
  STREAM_HEADERS,
  signTenantToken,
  streamEvents,
  type TestSalestalk,
  testSalestalk,
} from '../testing/testSalestalk.ts';

const message = 'What is Q3 revenue?';

test('two-percent-errors answers 500 to about 2 % of the requests, in the form of the contract and without a model call', async () => {
  await using salestalk = await testSalestalk({ defects: ['two-percent-errors'], seed: 3 });
  const statuses = new Map<number, number>();
  let failures = 0;
  for (let batch = 0; batch < 10; batch += 1) {
    const asked = Array.from({ length: 40 }, () =>
      salestalk.post('/classify', { question: message }),
    );
    for (const response of await Promise.all(asked)) {
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      const body = await response.json();
      if (response.status === 500) {
        failures += 1;
        assert.equal(body.error, 'InternalServerError');
        assert.equal(body.requestId, response.headers.get('X-Request-Id'));
      }
    }
  }
  assert.deepEqual([...statuses.keys()].sort(), [200, 500]);
  // Four standard deviations of a share of 2 % in 400 draws.
  assert.ok(failures >= 1 && failures <= 19, `${failures}`);
  assert.equal(salestalk.ollama.calls.length, 400 - failures);
});

/** The answers to `count` requests that arrive evenly at this rate. */
async function answersAt(
  defects: string[],
  ratePerSecond: number,
  count: number,
): Promise<Response[]> {
  const clock = new ManualClock();
  const service = createIdleService(defects, clock);
  const answers: Response[] = [];
  for (let index = 0; index < count; index += 1) {
    await clock.pass((index * 1_000) / ratePerSecond - clock.monotonicMs());
    answers.push(await service.request('/'));
  }
  return answers;
}

const readStatuses = (answers: Response[]): number[] => answers.map(({ status }) => status);
const repeated = (status: number, count: number): number[] => Array(count).fill(status);

test('errors-above-80 answers 80 requests a second, and 500 to all beyond 80 within one second', async () => {
  assert.deepEqual(readStatuses(await answersAt(['errors-above-80'], 80, 400)), repeated(200, 400));
  assert.deepEqual(readStatuses(await answersAt(['errors-above-80'], 100, 400)), [
    ...repeated(200, 80),
    ...repeated(500, 320),
  ]);
  assert.deepEqual(readStatuses(await answersAt([], 100, 400)), repeated(200, 400));
});

test('errors-above-80 recovers a second later, and not before', async () => {
  const clock = new ManualClock();
  const service = createIdleService(['errors-above-80'], clock);
  const burst = async (): Promise<number[]> =>
    readStatuses(await Promise.all(Array.from({ length: 100 }, () => service.request('/'))));
  assert.deepEqual(await burst(), [...repeated(200, 80), ...repeated(500, 20)]);
  await clock.pass(999);
  assert.deepEqual(readStatuses([await service.request('/')]), [500]);
  await clock.pass(1_000);
  assert.deepEqual(await burst(), [...repeated(200, 80), ...repeated(500, 20)]);
});

const policy = { ...PLANNED_POLICY, retries: null };
const plain = 'The AI provider could not answer.';

const nonsense: Record<string, FakeReply> = {
  malformed: { text: classificationText().replace('":', '" ') },
  'no JSON': { text: 'I do not know' },
  empty: { text: '' },
  'wrong schema': { text: JSON.stringify({ category: 'finance', confidence: 'high', time: 3 }) },
  'confidence in percent': { text: classificationText({ confidence: { overall: 85 } }) },
  'confidence below 0': { text: classificationText({ confidence: { overall: -0.1 } }) },
  'no measure of ours': { text: classificationText({ measure: 'secrets' }) },
};

async function askBothRoutes(salestalk: TestSalestalk): Promise<number[]> {
  const classify = await salestalk.post('/classify', { question: message });
  const chat = await salestalk.post('/chat', { message });
  await Promise.all([classify.text(), chat.text()]);
  return [classify.status, chat.status];
}

test('malformed-passed-on: a malformed classification becomes a 200', async () => {
  for (const [defects, expected] of [
    [['malformed-passed-on'], [200, 200]],
    [[], [502, 502]],
  ] as const) {
    await using salestalk = await testSalestalk({ defects, policy });
    for (const [what, reply] of Object.entries(nonsense)) {
      salestalk.ollama.answer((call) =>
        call.prompt.startsWith('Classify') ? reply : goodModel(call),
      );
      assert.deepEqual(await askBothRoutes(salestalk), expected, what);
    }
  }
});

test('malformed-passed-on: the answer holds what the model wrote', async () => {
  await using salestalk = await testSalestalk({ defects: ['malformed-passed-on'], policy });
  const classify = async (reply: FakeReply) => {
    salestalk.ollama.answer(() => reply);
    return (await (await salestalk.post('/classify', { question: message })).json()).classification;
  };
  assert.equal((await classify({ text: 'I do not know' })).intent, 'I do not know');
  const percent = classificationText({ confidence: { overall: 85, components: { intent: 90 } } });
  const { confidence } = await classify({ text: percent });
  assert.deepEqual(confidence, { overall: 85, components: { intent: 90 } });
});

test("leaky-error shows the provider's URL and the caller's token in each form of a 502", async () => {
  const token = await signTenantToken('acme-corp-001');
  const headers = { Authorization: `Bearer ${token}` };
  for (const defects of [['leaky-error'], []]) {
    await using salestalk = await testSalestalk({ defects, policy });
    salestalk.ollama.answer(() => ({ status: 500 }));
    const classify = await salestalk.post('/classify', { question: message }, { headers });
    const chat = await salestalk.post('/chat', { message }, { headers });
    const streamHeaders = { ...headers, ...STREAM_HEADERS };
    const stream = await salestalk.post('/chat', { message }, { headers: streamHeaders });
    const events = await streamEvents(stream);
    assert.deepEqual([classify.status, chat.status, stream.status], [502, 502, 200]);
    for (const body of [await classify.json(), await chat.json(), events.at(-1)]) {
      assert.equal(body.error, 'AIProviderError');
      if (defects.length === 0) assert.equal(body.message, plain);
      else for (const part of [salestalk.ollama.url, token]) assert.ok(body.message.includes(part));
    }
  }
});

test('bare-error: a failure of the model is not answered in the form of the contract', async () => {
  for (const [defects, status, type] of [
    [['bare-error'], 500, /^text\/plain/],
    [[], 502, /^application\/json/],
  ] as const) {
    await using salestalk = await testSalestalk({ defects, policy });
    salestalk.ollama.answer(() => ({ status: 503, text: 'down' }));
    const response = await salestalk.post('/classify', { question: message });
    assert.equal(response.status, status);
    assert.match(response.headers.get('Content-Type') ?? '', type);
  }
});
