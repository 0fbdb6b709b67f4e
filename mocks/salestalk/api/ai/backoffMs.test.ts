import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffMs } from './backoffMs.ts';

test('without jitter the waits are 100, 200, 400, 800 ms', () => {
  const almostOne = 1 - Number.EPSILON;
  const steps = [1, 2, 3, 4].map((failures) => Math.round(backoffMs(failures, almostOne)));
  assert.deepEqual(steps, [100, 200, 400, 800]);
});

test('jitter keeps every wait between half and the whole of its step', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, share) => {
        const stepMs = 100 * 2 ** (failures - 1);
        const waitMs = backoffMs(failures, share);
        assert.ok(waitMs >= stepMs / 2 && waitMs <= stepMs, `${waitMs}`);
      },
    ),
  );
});
