import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { epochMs } from '../clock.ts';
import { type TestMock, testMock } from '../testMock.ts';

const modelId = 'anthropic.claude-3-5-sonnet-20240620-v1:0';
const decoder = new TextDecoder();

/** As a deployment has it: nothing but the endpoint is set, so that the SDK speaks HTTP/2 with prior knowledge. */
function createClient(context: TestContext, { url }: TestMock): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  context.after(() => client.destroy());
  return client;
}

const messages = (content: unknown, system?: unknown) =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 500,
    ...(system === undefined ? {} : { system }),
    messages: [{ role: 'user', content }],
  });

test("AWS's SDK invokes a model", async (context) => {
  const mock = await testMock(context);
  const answer = await createClient(context, mock).send(
    new InvokeModelCommand({ modelId, body: messages(mock.prompt(1)) }),
  );
  const body = JSON.parse(decoder.decode(answer.body));
  assert.equal(body.type, 'message');
  assert.equal(body.stop_reason, 'end_turn');
  assert.ok(body.usage.input_tokens > 0 && body.usage.output_tokens > 0);
  assert.equal(JSON.parse(body.content[0].text).subject, 'revenue');
  const [entry] = await mock.journal(1);
  assert.equal(entry?.provider, 'bedrock');
  assert.equal(entry?.model, modelId);
  assert.equal(entry?.status, 200);
});

test("AWS's SDK reads a stream, in pieces that arrive as they are written", async (context) => {
  const mock = await testMock(context);
  const latency = { distribution: 'constant', ms: 60 } as const;
  await mock.behave([{ stream: { firstChunk: latency, betweenChunks: latency } }]);
  const answer = await createClient(context, mock).send(
    new InvokeModelWithResponseStreamCommand({ modelId, body: messages(mock.prompt(1)) }),
  );
  assert.ok(answer.body);
  const seenAtMs: number[] = [];
  const events = [];
  for await (const { chunk } of answer.body) {
    seenAtMs.push(epochMs());
    events.push(JSON.parse(decoder.decode(chunk?.bytes)));
  }
  const types = events.map((event) => event.type);
  const deltas = types.filter((type) => type === 'content_block_delta');
  assert.ok(deltas.length > 3);
  assert.deepEqual(types, [
    'message_start',
    'content_block_start',
    ...deltas,
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  const text = events.map((event) => event.delta?.text ?? '').join('');
  assert.equal(JSON.parse(text).measure, 'revenue');
  assert.equal(
    events.at(-1)['amazon-bedrock-invocationMetrics'].invocationLatency,
    60 * deltas.length,
  );
  const [entry] = await mock.journal(1);
  assert.equal(entry?.streamed, true);
  assert.ok((seenAtMs[0] ?? Number.NaN) < (entry?.lastByteAtMs ?? Number.NaN));
});

test('content may be text or blocks, beside a system prompt', async (context) => {
  const mock = await testMock(context);
  const client = createClient(context, mock);
  const system = 'Classify the question. Answer with one JSON object.';
  const question = 'Question: Why did churn rise?';
  for (const [content, systemPrompt] of [
    [question, system],
    [
      [
        { type: 'text', text: system },
        { type: 'text', text: question },
      ],
      undefined,
    ],
    [
      [
        { type: 'image', source: {} },
        { type: 'text', text: question },
      ],
      [{ type: 'text', text: system }],
    ],
  ]) {
    const answer = await client.send(
      new InvokeModelCommand({ modelId, body: messages(content, systemPrompt) }),
    );
    const body = JSON.parse(decoder.decode(answer.body));
    assert.equal(JSON.parse(body.content[0].text).intent, 'why');
  }
});

test('a malformed body is a ValidationException', async (context) => {
  const mock = await testMock(context);
  const invoked = createClient(context, mock).send(
    new InvokeModelCommand({ modelId, body: '{"messages":[]}' }),
  );
  await assert.rejects(invoked, (error) => {
    assert.ok(error instanceof ValidationException);
    assert.match(error.message, /^messages: /);
    return true;
  });
});
