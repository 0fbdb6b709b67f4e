import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResumableSchedule } from '../../engine/arrivalTimes.ts';

import { openLoadModel } from './runLoadPart.ts';

test('no arrival is lost where one part is broken off and the next begins', async () => {
  const schedule = new ResumableSchedule([5, 10, 2_000, 2_010, 4_000, 4_005]);
  const parts: number[][] = [];
  while (!schedule.isOver) {
    const dues: number[] = [];
    const enough = new AbortController();
    await openLoadModel(schedule)({
      send: async (index) => {
        // While the next is waited for.
        if (index === 1) setTimeout(() => enough.abort(), 1);
        return { heldMs: 0, serviceMs: 1, failure: null, connectionReused: true };
      },
      onEnd: ({ dueMs }) => dues.push(dueMs),
      signal: enough.signal,
    });
    parts.push(dues);
  }
  // Each part from its own first arrival on, with the gaps of the schedule.
  assert.deepEqual(parts, [
    [0, 5],
    [0, 10],
    [0, 5],
  ]);
});
