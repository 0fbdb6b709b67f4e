import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { firstHalf } from './firstHalf.ts';

test('cuts the piece that holds the middle, and keeps the times', () => {
  const pieces = ['abcd', 'efg', 'hij'].map((text, position) => ({
    dueAtMs: position * 100,
    bytes: Buffer.from(text),
  }));
  assert.deepEqual(
    firstHalf(pieces).map(({ dueAtMs, bytes }) => [dueAtMs, Buffer.from(bytes).toString()]),
    [
      [0, 'abcd'],
      [100, 'e'],
    ],
  );
  assert.deepEqual(firstHalf([{ dueAtMs: 7, bytes: Buffer.from('abc') }]), [
    { dueAtMs: 7, bytes: Buffer.from('ab') },
  ]);
});
