import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readLines } from './askChat.ts';

function streamOf(chunks: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function batchesOf(...chunks: string[]): Promise<string[][]> {
  return Array.fromAsync(
    readLines(streamOf(chunks.map((chunk) => new TextEncoder().encode(chunk)))),
  );
}

test('lines that one chunk completes come in one batch', async () => {
  assert.deepEqual(await batchesOf('{"a":1}\n{"b":2}\n{"c"', ':3}\n'), [
    ['{"a":1}', '{"b":2}'],
    ['{"c":3}'],
  ]);
});

test('a last line needs no line break, and blank lines are left out', async () => {
  assert.deepEqual(await batchesOf('\n\na\n \nb'), [['a'], ['b']]);
  assert.deepEqual(await batchesOf(''), []);
});

test('however the bytes are split, the lines are the same', async () => {
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
        const read = await Array.fromAsync(readLines(streamOf(chunks)));
        assert.deepEqual(read.flat(), lines);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

test('a line without an end is an error', async () => {
  await assert.rejects(batchesOf('x'.repeat(600_000), 'x'.repeat(600_000)), RangeError);
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
