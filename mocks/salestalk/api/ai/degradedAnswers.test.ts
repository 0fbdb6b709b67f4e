import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FakeReply } from '../../testing/fakeOllama.ts';
import { goodModel } from '../../testing/goodModel.ts';
import { classificationText } from '../../testing/modelTexts.ts';
import { asStream, streamEvents } from '../../testing/streamEvents.ts';
import { type TestSalestalk, testSalestalk } from '../../testing/testSalestalk.ts';
import { plannedPolicy } from './aiPolicy.ts';
import { maxAnswerCharacters } from './limitAnswers.ts';

const message = 'What is Q3 revenue?';
const marker = 'detail-of-the-model';
const huge = 'x'.repeat(maxAnswerCharacters);
const whole = JSON.stringify({ model: 'fake', response: classificationText(), done: true });

const classifications: Record<string, FakeReply> = {
  malformed: { text: classificationText().replace('":', `" ${marker}`) },
  'half of it': { text: classificationText().slice(0, 90) },
  'no JSON': { text: marker },
  empty: { text: '' },
  'a list': { text: '[1, 2]' },
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
  const policy = { ...plannedPolicy, retries: { attempts: 2, throttledAttempts: 2 } };
  salestalk = await testSalestalk({ policy });
});
after(() => salestalk[Symbol.asyncDispose]());

async function assertNoDetail(response: Response): Promise<void> {
  assert.equal(response.status, 502);
  const body = await response.json();
  assert.deepEqual(Object.keys(body), ['error', 'message', 'requestId']);
  assert.equal(body.error, 'AIProviderError');
  assert.equal(body.message, 'The AI provider could not answer.');
}

async function assertLastIsError(response: Response): Promise<void> {
  assert.equal(response.status, 200);
  const events = await streamEvents(response);
  const last = events.at(-1);
  assert.ok(last?.type === 'error', `${last?.type}`);
  assert.equal(last.message, 'The AI provider could not answer.');
  assert.ok(!events.some(({ type }) => type === 'complete'));
}

for (const [what, reply] of Object.entries(classifications)) {
  test(`a classification that is ${what} is a 502 without detail, and never more`, async () => {
    salestalk.ollama.answer(() => reply);
    await assertNoDetail(await salestalk.post('/classify', { question: message }));
    await assertNoDetail(await salestalk.post('/chat', { message }));
    await assertLastIsError(await salestalk.post('/chat', { message }, { headers: asStream }));
  });
}

for (const [what, reply] of Object.entries(narratives)) {
  test(`a narrative that is ${what} is a 502 without detail, and never more`, async () => {
    const isNarrative = (prompt: string): boolean => !prompt.startsWith('Classify');
    salestalk.ollama.answer((call) => (isNarrative(call.prompt) ? reply : goodModel(call)));
    await assertNoDetail(await salestalk.post('/chat', { message }));
    await assertLastIsError(await salestalk.post('/chat', { message }, { headers: asStream }));
  });
}
