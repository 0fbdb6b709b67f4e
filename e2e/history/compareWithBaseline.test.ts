import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { DEFAULT_COMPARISON } from './compareVersions.ts';
import { compareWithBaseline } from './compareWithBaseline.ts';

const RATES = { ...DEFAULT_COMPARISON, metricsInRun: 1 };
const ms = (...values: number[]) => ({ unit: 'ms', values });
const compare = (baseline: number[], candidate: number[], rates = RATES) =>
  compareWithBaseline(
    'chat.latency.p50',
    { baseline: ms(...baseline), candidate: ms(...candidate) },
    rates,
  );

test('ratio and interval agree with scipy 1.17.1 ttest_ind(equal_var=True) on logarithms', () => {
  const { ratio, interval, verdict } = compare([350, 352, 347, 355, 349], [380, 384]);
  assertCloseTo(ratio, 1.0895787332854756);
  assertCloseTo(interval[0] ?? 0, 1.05897351, 1e-8);
  assertCloseTo(interval[1] ?? 0, 1.12106848, 1e-8);
  assert.equal(verdict, 'worse');
});

test('a faster candidate is better, a close one the same, and a noisy baseline leaves the verdict open', () => {
  assert.equal(compare([380, 384, 379, 383, 381], [350, 352]).verdict, 'better');
  assert.equal(compare([350, 352, 347, 355, 349], [351, 350]).verdict, 'same');
  assert.equal(compare([350, 400, 300, 370, 330], [380]).verdict, 'open');
});

test('a candidate from the same distribution as five runs is called different no more often than stated', () => {
  const draw = seededDraw(11);
  const normal = normalDraw(draw);
  const run = () => 350 * Math.exp(0.05 * normal());
  let differ = 0;
  for (let turn = 0; turn < 4000; turn++) {
    const baseline = Array.from({ length: 5 }, run);
    const { verdict } = compare(baseline, [run()], { ...RATES, smallestRatio: 1.0001 });
    if (verdict === 'worse' || verdict === 'better') differ += 1;
  }
  // Expected 40, standard deviation 6.3.
  assert.ok(differ > 20 && differ < 60, `${differ}`);
});

test('a baseline that is empty, short, of another unit or with an impossible figure is refused', () => {
  const refused = (baseline: { unit: string; values: number[] }, candidate = ms(350)) =>
    assert.throws(() => compareWithBaseline('chat.latency.p50', { baseline, candidate }, RATES), {
      code: 'HISTORY_INVALID',
      message: /chat\.latency\.p50 → /,
    });
  refused(ms());
  refused(ms(350, 351, 352, 353));
  refused({ unit: 's', values: [0.35, 0.36, 0.35, 0.34, 0.35] });
  refused(ms(350, 351, 0, 353, 354));
  refused(ms(350, 351, Number.NaN, 353, 354));
  refused(ms(350, 351, 352, 353, 354), ms());
});
