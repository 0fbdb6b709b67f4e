import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PartedSchedule } from './partedSchedule.ts';

test('wherever passes are broken off, each time is passed once and in order', () => {
  const cuts = fc.array(fc.nat({ max: 4 }), { minLength: 20, maxLength: 20 });
  const property = fc.property(fc.nat({ max: 20 }), cuts, (count, cutAfter) => {
    const times = Array.from({ length: count }, (_, at) => at * 10);
    const schedule = new PartedSchedule(times.values());
    const passed: number[] = [];
    for (const most of [...cutAfter, Number.POSITIVE_INFINITY]) {
      let left = most;
      for (const ms of schedule) {
        // Drawn, and broken off before it is used, as while it is waited for.
        if (left-- === 0) break;
        passed.push(ms);
      }
      assert.equal(schedule.isOver, passed.length === count);
    }
    assert.deepEqual(passed, times);
  });
  fc.assert(property, { seed: 1 });
});

test('nothing is drawn before it is asked for, but for the first', () => {
  let drawn = 0;
  const times = function* () {
    for (;;) yield drawn++;
  };
  const schedule = new PartedSchedule(times());
  assert.equal(drawn, 1);
  for (const ms of schedule) if (ms === 2) break;
  assert.equal(drawn, 3);
});
