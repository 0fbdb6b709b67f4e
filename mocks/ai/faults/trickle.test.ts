import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { trickle, trickleEndMs } from './trickle.ts';

const bytes = (length: number) => Buffer.alloc(length, 'x');

test('no tenth of a second carries more than its share, from when the answer is due', () => {
  const slices = [...trickle([{ dueAtMs: 5000, bytes: bytes(25) }], 100)];
  assert.deepEqual(
    slices.map((slice) => [slice.dueAtMs, slice.bytes.length]),
    [
      [5100, 10],
      [5200, 10],
      [5250, 5],
    ],
  );
});

test('a piece waits for the one before it to go through, and for its own time', () => {
  const pieces = [0, 10, 900].map((dueAtMs) => ({ dueAtMs, bytes: bytes(10) }));
  assert.deepEqual(
    [...trickle(pieces, 100)].map(({ dueAtMs }) => dueAtMs),
    [100, 200, 1000],
  );
});

test('a slower connection than ten bytes a second carries them one by one', () => {
  const dues = [...trickle([{ dueAtMs: 0, bytes: bytes(3) }], 2)].map(({ dueAtMs }) => dueAtMs);
  assert.deepEqual(dues, [500, 1000, 1500]);
});

test('the bytes stay the same, in order, and the last is due at the end foretold', () => {
  const piece = fc.record({ gapMs: fc.nat(500), text: fc.string({ minLength: 1 }) });
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1 }),
      fc.integer({ min: 1, max: 5000 }),
      (made, rate) => {
        let dueAtMs = 0;
        const pieces = made.map(({ gapMs, text }) => {
          dueAtMs += gapMs;
          return { dueAtMs, bytes: Buffer.from(text) };
        });
        const slices = [...trickle(pieces, rate)];
        assert.deepEqual(
          Buffer.concat(slices.map((slice) => slice.bytes)),
          Buffer.concat(pieces.map((each) => each.bytes)),
        );
        const endMs = slices.at(-1)?.dueAtMs ?? Number.NaN;
        assert.ok(Math.abs(endMs - trickleEndMs(pieces, rate)) < 1e-6);
      },
    ),
  );
});
