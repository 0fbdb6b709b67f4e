import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedPolicy } from '../../api/ai/aiPolicy.ts';
import type { FakeReply } from '../../testing/fakeOllama.ts';
import { goodModel } from '../../testing/goodModel.ts';
import { classificationText } from '../../testing/modelTexts.ts';
import { asStream, streamEvents } from '../../testing/streamEvents.ts';
import { type TestSalestalk, testSalestalk } from '../../testing/testSalestalk.ts';
import { tokenFor } from '../../testing/token.ts';

const message = 'What is Q3 revenue?';
const policy = { ...plannedPolicy, retries: null };
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

async function statuses(salestalk: TestSalestalk): Promise<number[]> {
  const classify = await salestalk.post('/classify', { question: message });
  const chat = await salestalk.post('/chat', { message });
  await Promise.all([classify.text(), chat.text()]);
  return [classify.status, chat.status];
}

for (const [what, reply] of Object.entries(nonsense)) {
  test(`malformed-passed-on: a classification that is ${what} becomes a 200`, async () => {
    for (const [defects, expected] of [
      [['malformed-passed-on'], [200, 200]],
      [[], [502, 502]],
    ] as const) {
      await using salestalk = await testSalestalk({ defects, policy });
      salestalk.ollama.answer((call) =>
        call.prompt.startsWith('Classify') ? reply : goodModel(call),
      );
      assert.deepEqual(await statuses(salestalk), expected);
    }
  });
}

test('malformed-passed-on: what the model wrote is in the answer', async () => {
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

test('malformed-passed-on: a model that fails, and one that is right, are met as ever', async () => {
  await using salestalk = await testSalestalk({ defects: ['malformed-passed-on'], policy });
  await using clean = await testSalestalk({ policy });
  assert.deepEqual(await statuses(salestalk), [200, 200]);
  const { classification } = await (await salestalk.post('/chat', { message })).json();
  assert.deepEqual(
    classification,
    (await (await clean.post('/chat', { message })).json()).classification,
  );
  salestalk.ollama.answer(() => ({ status: 500 }));
  assert.deepEqual(await statuses(salestalk), [502, 502]);
  salestalk.ollama.answer((call) => (call.prompt.startsWith('Classify') ? goodModel(call) : {}));
  assert.deepEqual(await statuses(salestalk), [200, 502]);
});

test("leaky-error: provider's URL and status, and the caller's token, in each form of a 502", async () => {
  const token = await tokenFor('acme-corp-001');
  const headers = { Authorization: `Bearer ${token}` };
  for (const defects of [['leaky-error'], []]) {
    await using salestalk = await testSalestalk({ defects, policy });
    salestalk.ollama.answer(() => ({ status: 500 }));
    const classify = await salestalk.post('/classify', { question: message }, { headers });
    const chat = await salestalk.post('/chat', { message }, { headers });
    const streamHeaders = { ...headers, ...asStream };
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

test('leaky-error: good answers and other errors are as ever', async () => {
  const errors = [];
  for (const defects of [['leaky-error'], []]) {
    await using salestalk = await testSalestalk({ defects, policy });
    assert.deepEqual(await statuses(salestalk), [200, 200]);
    const { requestId: _, ...error } = await (await salestalk.post('/chat', {})).json();
    errors.push(error);
  }
  assert.deepEqual(errors[0], errors[1]);
});

test('bare-error: a failure of the model is no longer told in the form of the contract', async () => {
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
