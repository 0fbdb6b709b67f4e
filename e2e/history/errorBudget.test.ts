import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallestToPass } from '../core/statistics/sampleSize.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { errorBudgetOf } from './errorBudget.ts';
import type { HistoryEntry } from './historyEntry.ts';
import { nightOf } from './testing/nightOf.ts';

/** A night with this number of requests, and of failed ones among them. */
function requestsOf(night: number, n: number, bad: number | null): HistoryEntry {
  const rest = {
    objective: 0.999,
    estimate: null,
    interval: [null, null],
    verdict: 'pass',
  } as const;
  const objective = { id: 'api.availability', unit: 'share', ...rest, n, bad };
  return nightOf(night, { objectives: [{ ...objective, interval: [null, null] }] });
}

const nights = (count: number, n: number, badOf: (night: number) => number) =>
  Array.from({ length: count }, (_, night) => requestsOf(night, n, badOf(night)));

test('the requests of the last 28 days add up, and the burn rate relates their failures to the budget', () => {
  const budget = errorBudgetOf(
    nights(40, 3000, (night) => (night < 12 ? 3000 : night === 20 ? 21 : 0)),
  );
  assert.ok(budget);
  const { over28Days, over7Days, lastRun, runs, left, verdict } = budget;
  assert.deepEqual([runs, over28Days.n, over28Days.bad], [28, 84_000, 21]);
  assertCloseTo(over28Days.rate, 0.25);
  assertCloseTo(left, 0.75);
  assert.deepEqual(over7Days, { n: 21_000, bad: 0, rate: 0 });
  assert.deepEqual(lastRun, { n: 3000, bad: 0, rate: 0 });
  assert.equal(verdict, 'pass');
  const [lower, upper] = budget.interval;
  assert.ok((lower ?? 0) > 0.999 && (upper ?? 0) >= 1 - 21 / 84_000);
});

test('failures overspend the budget, in many nights or in one', () => {
  const many = errorBudgetOf(nights(28, 3000, () => 9));
  assert.equal(many?.verdict, 'fail');
  assertCloseTo(many?.left ?? 0, -2);
  assertCloseTo(many?.lastRun.rate ?? 0, 3);
  const once = errorBudgetOf(nights(28, 3000, (night) => (night === 3 ? 250 : 0)));
  assert.equal(once?.verdict, 'fail');
  assertCloseTo(once?.left ?? 0, 1 - 250 / 84);
});

test('few requests establish nothing, even if all are good', () => {
  const budget = errorBudgetOf(nights(2, 600, () => 0));
  assert.deepEqual([budget?.verdict, budget?.left], ['inconclusive', 1]);
  assert.equal(budget?.needed, smallestToPass({ allowedShare: 0.001, passAlpha: 0.05 }));
});

test('runs that did not judge it, or whose failures are unknown, do not count', () => {
  assert.equal(errorBudgetOf([]), null);
  assert.equal(errorBudgetOf([nightOf(1), requestsOf(2, 0, 0), requestsOf(3, 100, null)]), null);
  assert.equal(errorBudgetOf([requestsOf(1, 100, 0), nightOf(2)])?.runs, 1);
});
