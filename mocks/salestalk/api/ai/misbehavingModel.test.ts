import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { classificationText, type FakeReply, gapsMs, goodModel } from '../../testing/fakeOllama.ts';
import { aiCall, createScriptedProvider } from '../../testing/scriptedProvider.ts';
import {
  STREAM_HEADERS,
  streamEvents,
  type TestSalestalk,
  testSalestalk,
} from '../../testing/testSalestalk.ts';
import { systemClock } from '../clock.ts';
import { PLANNED_POLICY } from './attemptRules.ts';
import { limitAnswers, MAX_ANSWER_CHARACTERS } from './createAiProvider.ts';

const question = 'What is Q3 revenue?';
/** Timers may fire, and clocks round, this much early. */
const timerErrorMs = 2;

async function assert502(response: Response): Promise<void> {
  assert.equal(response.status, 502);
  assert.deepEqual(await response.json(), {
    error: 'AIProviderError',
    message: 'The AI provider could not answer.',
    requestId: response.headers.get('X-Request-Id'),
  });
}

async function classifyUnder(salestalk: TestSalestalk, reply: FakeReply): Promise<Response> {
  salestalk.ollama.answer(() => reply);
  return salestalk.post('/classify', { question });
}

// These tests mostly wait, and share nothing.
describe('a model that misbehaves', { concurrency: 4 }, () => {
  test('a model that hangs: the time-out ends each attempt, totalMs ends the request with a 502', async () => {
    const policy = { ...PLANNED_POLICY, attemptTimeoutMs: 450, totalMs: 1_500 };
    await using salestalk = await testSalestalk({ policy });
    await assert502(await classifyUnder(salestalk, { hang: true }));
    const { calls } = salestalk.ollama;
    for (const { aborted } of calls) await aborted;
    // At least two whole attempts; at most as many time-outs as fit, the last one cut short.
    assert.ok(calls.length >= 2 && calls.length <= 4, `${calls.length}`);
    for (const gapMs of gapsMs(calls)) assert.ok(gapMs >= 450 - timerErrorMs, `${gapMs}`);
  });

  test('a model that hangs in its narrative: the stream ends with an error, and the connection closes', async () => {
    const policy = { ...PLANNED_POLICY, attemptTimeoutMs: 100, totalMs: 300 };
    await using salestalk = await testSalestalk({ policy });
    salestalk.ollama.answer((call, n) => (n === 1 ? goodModel(call) : { hang: true }));
    const events = await streamEvents(
      await salestalk.post('/chat', { message: question }, { headers: STREAM_HEADERS }),
    );
    assert.equal(events.at(-1)?.type, 'error');
    for (const { aborted } of salestalk.ollama.calls.slice(1)) await aborted;
  });

  test('waits of many callers are spread', async () => {
    await using salestalk = await testSalestalk();
    const arrivals = new Map<string, number[]>();
    salestalk.ollama.answer(({ prompt, arrivedAtMs }) => {
      const asked = /^Question: (.*)$/m.exec(prompt)?.[1] ?? '';
      arrivals.set(asked, [...(arrivals.get(asked) ?? []), arrivedAtMs]);
      return { status: 503 };
    });
    const asked = Array.from({ length: 12 }, (_, index) =>
      salestalk.post('/classify', { question: `q${index}` }),
    );
    for (const response of await Promise.all(asked)) assert.equal(response.status, 502);
    const lastGaps = [...arrivals.values()].map(([, , , d = Number.NaN, e = Number.NaN]) => e - d);
    const spreadMs = Math.max(...lastGaps) - Math.min(...lastGaps);
    // The last wait lies between 400 and 800 ms; twelve shares leave more than a third of that between them.
    assert.ok(spreadMs > 130, `${lastGaps}`);
  });
});

const marker = 'detail-of-the-model';
const huge = 'x'.repeat(MAX_ANSWER_CHARACTERS);
const whole = JSON.stringify({ model: 'fake', response: classificationText(), done: true });

const classifications: Record<string, FakeReply> = {
  malformed: { text: classificationText().replace('":', `" ${marker}`) },
  'half of it': { text: classificationText().slice(0, 90) },
  'no JSON': { text: marker },
  empty: { text: '' },
  'a list': { text: '[1, 2]' },
  'of an unknown intent': { text: classificationText({ intent: marker }) },
  'of an unknown subject': { text: classificationText({ subject: marker }) },
  'of an unknown measure': { text: classificationText({ measure: marker }) },
  'without confidence': { text: classificationText({ confidence: undefined }) },
  'confidence as a text': { text: classificationText({ confidence: { overall: '0.9' } }) },
  'wrong schema': { text: JSON.stringify({ category: marker }) },
  'confidence in percent': { text: classificationText({ confidence: { overall: 85 } }) },
  'confidence below 0': { text: classificationText({ confidence: { overall: -0.1 } }) },
  'a component out of range': {
    text: classificationText({ confidence: { overall: 0.9, components: { intent: 1.2 } } }),
  },
  huge: { text: classificationText({ notes: huge }) },
  'truncated, and cleanly ended': { body: whole.slice(0, 90) },
  'short of its length': { cut: 'closeMidway', headers: { 'Content-Length': '500' } },
  'short of its last chunk': { cut: 'closeMidway' },
  'reset before': { cut: 'resetBefore' },
  'reset in the middle': { cut: 'resetMidway' },
  'an error page': { status: 503, text: marker },
  'a page for 404': { status: 404, text: marker },
};
const narratives: Record<string, FakeReply> = {
  empty: { text: '' },
  blank: { chunks: [' ', '\n'] },
  huge: { chunks: [huge, marker] },
  'short of its last chunk': { cut: 'closeMidway' },
  'reset before': { cut: 'resetBefore' },
  'reset in the middle': { cut: 'resetMidway' },
};

let salestalk: TestSalestalk;
before(async () => {
  const policy = { ...PLANNED_POLICY, retries: { attempts: 2, throttledAttempts: 2 } };
  salestalk = await testSalestalk({ policy });
});
after(() => salestalk[Symbol.asyncDispose]());

async function assertLastIsError(response: Response): Promise<void> {
  assert.equal(response.status, 200);
  const events = await streamEvents(response);
  const last = events.at(-1);
  assert.ok(last?.type === 'error', `${last?.type}`);
  assert.equal(last.message, 'The AI provider could not answer.');
  assert.ok(!events.some(({ type }) => type === 'complete'));
}

for (const [what, reply] of Object.entries(classifications)) {
  test(`a classification that is ${what} is a 502 without detail`, async () => {
    salestalk.ollama.answer(() => reply);
    await assert502(await salestalk.post('/classify', { question }));
    await assert502(await salestalk.post('/chat', { message: question }));
    await assertLastIsError(
      await salestalk.post('/chat', { message: question }, { headers: STREAM_HEADERS }),
    );
  });
}

for (const [what, reply] of Object.entries(narratives)) {
  test(`a narrative that is ${what} is a 502 without detail`, async () => {
    const isNarrative = (prompt: string): boolean => !prompt.startsWith('Classify');
    salestalk.ollama.answer((call) => (isNarrative(call.prompt) ? reply : goodModel(call)));
    await assert502(await salestalk.post('/chat', { message: question }));
    await assertLastIsError(
      await salestalk.post('/chat', { message: question }, { headers: STREAM_HEADERS }),
    );
  });
}

test('an answer may be as long as the limit, whole or streamed, and no longer', async () => {
  const half = 'x'.repeat(MAX_ANSWER_CHARACTERS / 2);
  const just = limitAnswers(createScriptedProvider(systemClock, () => ({ chunks: [half, half] })));
  assert.equal((await just.complete(aiCall())).length, MAX_ANSWER_CHARACTERS);
  assert.deepEqual(await Array.fromAsync(just.stream(aiCall())), [half, half]);

  const long = limitAnswers(
    createScriptedProvider(systemClock, () => ({ chunks: [half, half, 'x'] })),
  );
  await assert.rejects(long.complete(aiCall()), { name: 'AiCallError', reason: 'malformed' });
  await assert.rejects(Array.fromAsync(long.stream(aiCall())), { reason: 'malformed' });
});
