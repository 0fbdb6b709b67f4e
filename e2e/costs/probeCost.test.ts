import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { costRow, costTable } from './probeCost.ts';

test('times are compared within pairs, so that noise that both share cancels', () => {
  // Both of a pair share a slow moment of the machine.
  const pairs = [100, 900, 300, 500, 200, 700].map((withoutMs) => ({
    withoutMs,
    withMs: withoutMs + 10,
  }));
  const row = costRow('answerTiming', pairs);
  assert.deepEqual([row.longerByMs, row.withoutP50Ms, row.withP50Ms], [10, 400, 410]);
  assert.deepEqual(row.intervalMs, [10, 10]);
  assert.equal(costRow('few', pairs.slice(0, 4)).intervalMs[0], null);
  assert.throws(() => costRow('none', []), RangeError);
});

test('the interval misses the true difference as seldom as it says, and excludes zero if there is one', () => {
  const normal = normalDraw(seededDraw(11));
  const [missed, found] = [0, 3].map((shiftMs) => {
    let excludesZero = 0;
    for (let turn = 0; turn < 1000; turn++) {
      const pairs = Array.from({ length: 40 }, () => {
        const sharedMs = 280 + 40 * normal();
        return { withoutMs: sharedMs + 4 * normal(), withMs: sharedMs + shiftMs + 4 * normal() };
      });
      const [lower, upper] = costRow('x', pairs).intervalMs;
      if ((lower ?? -1) > 0 || (upper ?? 1) < 0) excludesZero += 1;
    }
    return excludesZero;
  });
  // At most 50 expected; the steps of the sign test at n = 40 leave 3.8 %.
  assert.ok((missed ?? 1000) < 65, `${missed}`);
  assert.ok((found ?? 0) > 700, `${found}`);
});

test('the table suits Markdown and a terminal', () => {
  const row = costRow('longTasks', [
    { withoutMs: 280.25, withMs: 281.5 },
    { withoutMs: 280, withMs: 281 },
  ]);
  assert.equal(
    costTable([row]),
    `| probe     | without, P50 | with, P50 | longer by | 95 % interval | ratio | pairs |
| --------- | -----------: | --------: | --------: | ------------: | ----: | ----: |
| longTasks |     280.1 ms |  281.3 ms |    1.1 ms |  open to open | 1.004 |     2 |
`,
  );
});
