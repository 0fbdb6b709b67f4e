import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMs } from '../clock.ts';
import { testMock } from '../testMock.ts';

const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;

const generate = (url: string, body: object, init: RequestInit = {}) =>
  fetch(`${url}/api/generate`, { method: 'POST', body: JSON.stringify(body), ...init });

test('classifies a question', async (context) => {
  const { url, prompt } = await testMock(context);
  const response = await generate(url, {
    model: 'llama3.2',
    prompt: prompt(1),
    stream: false,
    options: { temperature: 0 },
  });
  assert.equal(response.status, 200);
  const answer = await response.json();
  assert.equal(answer.model, 'llama3.2');
  assert.equal(answer.done, true);
  const classification = JSON.parse(answer.response);
  assert.equal(classification.intent, 'what');
  assert.equal(classification.time.period, 'Q3');
});

test('streams a narrative of the figures, in pieces that arrive as they are written', async (context) => {
  const { url, behave, journal, scope } = await testMock(context);
  await behave([{ stream: { firstChunk: constant(80), betweenChunks: constant(40) } }]);
  const prompt = `Write a short narrative.\nQuestion: What is Q3 revenue? [ref:${scope}-1]\nClassification: {"intent":"what"}\nData references: [{"metric":"revenue","period":"Q3","value":2500000,"unit":"USD","source":{"table":"tenant-a-metrics"}}]`;
  const response = await generate(url, { model: 'm', prompt });
  assert.ok(response.body);
  const seenAtMs: number[] = [];
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    seenAtMs.push(epochMs());
    text += chunk;
  }
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    lines.map((line) => line.response).join(''),
    'Revenue in Q3 was $2.5M. Source: tenant-a-metrics.',
  );
  assert.deepEqual(
    lines.map((line) => line.done),
    [false, false, false, true],
  );

  const [entry] = await journal(1);
  assert.equal(entry?.kind, 'narrative');
  assert.equal(entry?.streamed, true);
  assert.equal(entry?.plannedMs, 160);
  const { arrivedAtMs, firstByteAtMs, lastByteAtMs } = entry ?? {};
  assert.ok(arrivedAtMs && firstByteAtMs && lastByteAtMs);
  // The first piece was here before the last had left.
  assert.ok((seenAtMs[0] ?? Number.NaN) < lastByteAtMs);
  // Planned 80 to 80; what a busy machine adds to one it rarely adds fourfold.
  const ratio = (firstByteAtMs - arrivedAtMs) / (lastByteAtMs - firstByteAtMs);
  assert.ok(ratio > 0.25 && ratio < 4, `first byte to rest: ${ratio}`);
});

test('streams by default, as Ollama does', async (context) => {
  const { url, prompt } = await testMock(context);
  const response = await generate(url, { model: 'm', prompt: prompt(1) });
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  const lines = (await response.text()).trim().split('\n');
  assert.ok(lines.length > 2);
  assert.equal(JSON.parse(lines.at(-1) ?? '').done, true);
});

test('an answer takes as long as its latency says, streamed or not', async (context) => {
  const { url, behave, journal, prompt } = await testMock(context);
  await behave([{ latency: constant(150) }]);
  await (await generate(url, { model: 'm', prompt: prompt(1), stream: false })).text();
  await (await generate(url, { model: 'm', prompt: prompt(2), stream: true })).text();
  for (const entry of await journal(2)) {
    assert.equal(entry.plannedMs, 150);
    assert.ok(entry.lastByteAtMs !== null && entry.lateMs !== null);
    const tookMs = entry.lastByteAtMs - entry.arrivedAtMs;
    assert.ok(Math.abs(tookMs - entry.plannedMs - entry.lateMs) < 1e-6);
    assert.ok(entry.lateMs > -1, `${-entry.lateMs} ms early`);
  }
});

test('a system prompt counts as a part of the prompt', async (context) => {
  const { url, scope, journal } = await testMock(context);
  const system = 'Classify the question. Answer with one JSON object.';
  const prompt = `Question: What is churn? [ref:${scope}-1]`;
  const answer = await (await generate(url, { model: 'm', system, prompt, stream: false })).json();
  assert.equal(JSON.parse(answer.response).measure, 'churn_rate');
  assert.equal((await journal(1))[0]?.kind, 'classification');
});

test('refuses what Ollama refuses, and says what is wrong', async (context) => {
  const { url } = await testMock(context);
  for (const [body, problem] of [
    ['{', /^body: found "\{", expected JSON$/],
    ['{"prompt":"hi"}', /^model: /],
    ['{"model":"m","prompt":5}', /^prompt: .*found 5/],
  ] as const) {
    const response = await fetch(`${url}/api/generate`, { method: 'POST', body });
    assert.equal(response.status, 400);
    assert.match((await response.json()).error, new RegExp(problem));
  }
});

test('answers the probes of Ollama clients, and names what it serves otherwise', async (context) => {
  const { url } = await testMock(context);
  assert.equal(await (await fetch(url)).text(), 'Ollama is running');
  assert.equal((await fetch(url, { method: 'HEAD' })).status, 200);
  assert.equal(typeof (await (await fetch(`${url}/api/version`)).json()).version, 'string');
  assert.ok((await (await fetch(`${url}/api/tags`)).json()).models.length > 0);
  const unknown = await fetch(`${url}/api/chat`, { method: 'POST', body: '{}' });
  assert.equal(unknown.status, 404);
  assert.match((await unknown.json()).error, /does not serve POST \/api\/chat/);
});
