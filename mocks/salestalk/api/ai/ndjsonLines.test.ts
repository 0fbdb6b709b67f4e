import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndjsonLines } from './ndjsonLines.ts';

const text = '{"a":"é📈"}\n\r\n{"b":2}\n{"c":3}';

test('lines come out whole, wherever the bytes were cut', async () => {
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const lines = ndjsonLines(
      (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })(),
    );
    assert.deepEqual(await Array.fromAsync(lines), ['{"a":"é📈"}', '{"b":2}', '{"c":3}']);
  }
});
