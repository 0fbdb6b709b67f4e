import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TestMock, testMock } from '../testMock.ts';
import type { JournalEntry } from './call.ts';
import { Histogram } from './histogram.ts';
import { Journal } from './journal.ts';

/** The journal reads nothing else of an entry. */
const entryIn = (scope: string | null) => ({ scope }) as JournalEntry;

const A = 'aaaaaaaa';
const B = 'bbbbbbbb';

/** The numbers of the entries read, or why there are none. */
function seqs(journal: Journal, scope: string, after = 0): number[] | 'lost' | null {
  const entries = journal.read(scope, after);
  return Array.isArray(entries) ? entries.map(({ seq }) => seq) : (entries as 'lost' | null);
}

test('entries are numbered over all scopes, in order of their end, and read from any number on', () => {
  const journal = new Journal();
  journal.open(A);
  journal.open(B);
  for (const scope of [A, B, A, B, A]) journal.append(entryIn(scope));
  assert.deepEqual(seqs(journal, A), [1, 3, 5]);
  assert.deepEqual(seqs(journal, A, 1), [3, 5]);
  assert.deepEqual(seqs(journal, A, 4), [5]);
  assert.deepEqual(seqs(journal, B, 99), []);
});

test('only entries of open scopes are kept', () => {
  const journal = new Journal();
  journal.append(entryIn(A));
  journal.append(entryIn(null));
  assert.equal(journal.read(A, 0), null);
  journal.open(A);
  assert.deepEqual(seqs(journal, A), []);
  journal.append(entryIn(A));
  journal.forget(A);
  assert.equal(journal.read(A, 0), null);
});

test('when it is full the oldest entries go, and a reader that missed them gets an error', () => {
  const journal = new Journal({ capacity: 4 });
  journal.open(A);
  journal.open(B);
  for (const scope of [A, B, A, A, A]) journal.append(entryIn(scope));
  assert.equal(seqs(journal, A), 'lost');
  assert.deepEqual(seqs(journal, A, 1), [3, 4, 5]);
  assert.deepEqual(seqs(journal, B), [2]);
  for (let count = 0; count < 4; count++) journal.append(entryIn(A));
  assert.equal(seqs(journal, B), 'lost');
});

test('a scope that is forgotten makes room', () => {
  const journal = new Journal({ capacity: 2 });
  journal.open(A);
  journal.append(entryIn(A));
  journal.append(entryIn(A));
  journal.forget(A);
  journal.open(B);
  journal.append(entryIn(B));
  journal.append(entryIn(B));
  assert.deepEqual(seqs(journal, B), [3, 4]);
});

const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;
const SLOW = constant(60_000);

async function ask({ url }: TestMock, prompt: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ model: 'm', prompt, stream: false });
  const response = await fetch(`${url}/api/generate`, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  return response.json();
}

test('an entry says what was asked and answered, without any text of it', async (context) => {
  const mock = await testMock(context);
  const secret = 'What is the revenue of Zanzibar in Q3?';
  const prompt = mock.prompt(17, secret);
  await ask(mock, prompt, { authorization: 'Bearer of-the-client' });
  const [entry] = await mock.journal(1);
  assert.ok(entry);
  const { arrivedAtMs, firstByteAtMs, lastByteAtMs, lateMs, responseBytes, ...rest } = entry;
  assert.deepEqual(rest, {
    seq: 1,
    scope: mock.scope,
    index: 17,
    provider: 'ollama',
    kind: 'classification',
    matchedBy: 'nonce',
    attempt: 1,
    streamed: false,
    model: 'm',
    // Four characters a token, the blank system prompt and the line breaks after it included.
    promptTokens: Math.ceil((prompt.length + 2) / 4),
    answerTokens: 78,
    abortedAtMs: null,
    status: 200,
    plannedMs: 0,
    requestBytes: JSON.stringify({ model: 'm', prompt, stream: false }).length,
    expired: false,
    brokenOffAtMs: null,
    fault: null,
    retryAfterMs: null,
  });
  assert.ok(arrivedAtMs <= (firstByteAtMs ?? 0) && (firstByteAtMs ?? 0) <= (lastByteAtMs ?? 0));
  assert.ok(lateMs !== null && responseBytes > 0);
  assert.ok(Math.abs(arrivedAtMs - Date.now()) < 60_000);
  assert.doesNotMatch(JSON.stringify(entry), /Zanzibar|of-the-client/);
});

test('a call without a nonce is matched by its traceparent', async (context) => {
  const mock = await testMock(context);
  const traceparent = `00-${mock.scope}000000000000000000000011-00f067aa0ba902b7-01`;
  await ask(mock, 'Write a narrative.\nData references: []', { traceparent });
  const [entry] = await mock.journal(1);
  assert.equal(entry?.index, 17);
  assert.equal(entry?.matchedBy, 'traceparent');
  assert.equal(entry?.kind, 'narrative');
});

test('a retry is another attempt, and draws another latency; another run draws the same ones', async (context) => {
  const logNormal = { distribution: 'logNormal', medianMs: 5, p95Ms: 15 } as const;
  const run = async () => {
    const mock = await testMock(context);
    await mock.behave([{ latency: logNormal }], 42);
    for (const index of [1, 1, 2]) await ask(mock, mock.prompt(index));
    const entries = await mock.journal(3);
    return entries.map(({ index, attempt, plannedMs }) => ({ index, attempt, plannedMs }));
  };
  const first = await run();
  assert.deepEqual(
    first.map(({ index, attempt }) => [index, attempt]),
    [
      [1, 1],
      [1, 2],
      [2, 1],
    ],
  );
  assert.equal(new Set(first.map(({ plannedMs }) => plannedMs)).size, 3);
  assert.deepEqual(await run(), first);
});

test('an abort half way keeps the status and the first byte', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ stream: { firstChunk: constant(0), betweenChunks: SLOW } }]);
  const session = http2.connect(mock.url);
  context.after(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': '/api/generate' });
  stream.on('error', () => {});
  stream.end(JSON.stringify({ model: 'm', prompt: mock.prompt(1) }));
  await new Promise((resolve) => stream.once('data', resolve));
  stream.close(http2.constants.NGHTTP2_CANCEL);
  const [entry] = await mock.journal(1);
  assert.equal(entry?.status, 200);
  assert.notEqual(entry?.firstByteAtMs, null);
  assert.notEqual(entry?.abortedAtMs, null);
  assert.equal(entry?.lastByteAtMs, null);
});

test('calls of unknown scopes are answered, and not kept', async (context) => {
  const mock = await testMock(context);
  await ask(mock, 'Classify. JSON object.\nQuestion: What is churn? [ref:00000000-1]');
  await ask(mock, mock.prompt(1));
  assert.equal((await mock.journal(1)).length, 1);
  const status = await (await fetch(`${mock.controlUrl}/status`, { headers: mock.auth })).json();
  assert.equal(status.calls, 2);
  assert.equal(status.lateness.count, 2);
});

test('a quantile is the sorted one, or at most 5 % above it', () => {
  const durations = fc.array(fc.double({ min: 0.01, max: 100_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, quantile) => {
      const histogram = new Histogram();
      for (const value of values) histogram.record(value);
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN;
      const read = histogram.quantileMs(quantile) ?? Number.NaN;
      assert.ok(
        read >= exact * (1 - 1e-9) && read <= exact * 1.05 * (1 + 1e-9),
        `${read} for ${exact}`,
      );
      assert.equal(histogram.summary()?.maxMs, sorted.at(-1));
      assert.equal(histogram.summary()?.count, values.length);
    }),
  );
});

test('a negative value counts into the finest bucket, and a huge one into the coarsest', () => {
  const histogram = new Histogram();
  histogram.record(-0.4);
  histogram.record(1e9);
  assert.equal(histogram.quantileMs(0.5), 0.01);
  assert.equal(histogram.summary()?.maxMs, 1e9);
});

test('a quantile of no values is null, not zero', () => {
  const histogram = new Histogram();
  assert.equal(histogram.quantileMs(0.5), null);
  assert.equal(histogram.summary(), null);
});
