import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEvent } from './readAnswer.ts';
import { readLines } from './runQuestion.ts';

const read = (event: object) => readEvent(JSON.stringify({ requestId: 'r-1', ...event }));

const classification = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  dimension: {},
  time: { period: 'Q3', granularity: 'quarter' },
  confidence: { overall: 0.85, components: { intent: 0.9 } },
};
const plain = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  period: 'Q3',
  confidence: 0.85,
};

test('every event of the stream is read', () => {
  assert.deepEqual(read({ type: 'classification_start' }), { type: 'classificationStart' });
  assert.deepEqual(read({ type: 'classification_complete', classification }), {
    type: 'classificationComplete',
    classification: plain,
  });
  assert.deepEqual(read({ type: 'data_retrieval_start' }), { type: 'dataStart' });
  assert.deepEqual(
    read({
      type: 'data_retrieval_complete',
      dataReferences: [
        {
          metric: 'revenue',
          period: 'Q3',
          value: 0,
          unit: 'USD',
          source: { table: 't', pk: 'METRIC#revenue', sk: '2025-Q3' },
        },
      ],
    }),
    {
      type: 'dataComplete',
      references: [
        {
          metric: 'revenue',
          period: 'Q3',
          value: 0,
          unit: 'USD',
          table: 't',
          key: 'METRIC#revenue / 2025-Q3',
        },
      ],
    },
  );
  assert.deepEqual(read({ type: 'narrative_start' }), { type: 'narrativeStart' });
  assert.deepEqual(read({ type: 'narrative_chunk', text: 'Revenue ' }), {
    type: 'narrativeChunk',
    text: 'Revenue ',
  });
  assert.deepEqual(
    read({
      type: 'complete',
      response: 'Low confidence.',
      sessionId: 's-1',
      classification,
      dataReferences: [],
      metadata: { refused: true },
    }),
    {
      type: 'complete',
      narrative: 'Low confidence.',
      classification: plain,
      references: [],
      sessionId: 's-1',
      refused: true,
    },
  );
  assert.deepEqual(read({ type: 'error', error: 'AIProviderError', message: 'No answer.' }), {
    type: 'failed',
    kind: 'model',
    detail: 'No answer.',
  });
});

test('an unstated value is null', () => {
  assert.deepEqual(
    read({ type: 'data_retrieval_complete', dataReferences: [{ metric: 'revenue', value: '7' }] }),
    {
      type: 'dataComplete',
      references: [
        { metric: 'revenue', period: null, value: null, unit: null, table: null, key: null },
      ],
    },
  );
});

test('an unknown kind of event is ignored', () => {
  assert.equal(read({ type: 'usage', tokens: 12 }), null);
  assert.equal(readEvent('7'), null);
  assert.equal(readEvent('null'), null);
});

test('a line that is not JSON is an error', () => {
  assert.throws(() => readEvent('{"type":'), SyntaxError);
});

test('an answer cannot fill the page with figures', () => {
  const event = read({
    type: 'data_retrieval_complete',
    dataReferences: new Array(10_000).fill({}),
  });
  assert.ok(event?.type === 'dataComplete');
  assert.equal(event.references.length, 50);
});

function streamChunks(chunks: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function readBatches(...chunks: string[]): Promise<string[][]> {
  return Array.fromAsync(
    readLines(streamChunks(chunks.map((chunk) => new TextEncoder().encode(chunk)))),
  );
}

test('lines that one chunk completes come in one batch', async () => {
  assert.deepEqual(await readBatches('{"a":1}\n{"b":2}\n{"c"', ':3}\n'), [
    ['{"a":1}', '{"b":2}'],
    ['{"c":3}'],
  ]);
});

test('a last line needs no line break, and blank lines are left out', async () => {
  assert.deepEqual(await readBatches('\n\na\n \nb'), [['a'], ['b']]);
  assert.deepEqual(await readBatches(''), []);
});

test('the lines are the same, wherever the bytes are split', async () => {
  const line = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 12 })
    .map((text) => JSON.stringify({ text }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      async (lines, sizes) => {
        const bytes = new TextEncoder().encode(lines.map((text) => `${text}\n`).join(''));
        const chunks: Uint8Array<ArrayBuffer>[] = [];
        for (let start = 0; start < bytes.length; ) {
          const size = sizes.next().value;
          chunks.push(bytes.slice(start, start + size));
          start += size;
        }
        const read = await Array.fromAsync(readLines(streamChunks(chunks)));
        assert.deepEqual(read.flat(), lines);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

test('a line without an end is an error', async () => {
  await assert.rejects(readBatches('x'.repeat(600_000), 'x'.repeat(600_000)), RangeError);
});

test('a consumer that stops early ends the stream', async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('x\n'));
    },
    cancel() {
      cancelled = true;
    },
  });
  for await (const batch of readLines(endless)) {
    assert.deepEqual(batch, ['x']);
    break;
  }
  assert.ok(cancelled);
});
