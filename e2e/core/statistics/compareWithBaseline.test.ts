import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCloseTo } from '../testing/closeTo.ts';
import { compareWithBaseline, compareWithBaselines } from './compareWithBaseline.ts';
import { normalDraw, seededDraw } from './seededDraw.ts';
import { studentQuantile, studentTail } from './studentTail.ts';

const PLAN = { mostRatio: 1.1, passAlpha: 0.05, failAlpha: 0.005 };
const STEADY = [350, 352, 347, 355, 349];
const NOISY = [350, 400, 300, 370, 330];

test('ratio and interval agree with scipy 1.17.1 ttest_ind(equal_var=True) on logarithms', () => {
  const { ratio, interval } = compareWithBaseline(STEADY, 384, PLAN);
  assertCloseTo(ratio, 1.0952983459875267);
  // Lower end of the interval at 99 %, upper end of the one at 90 %.
  assertCloseTo(interval[0], 1.04834970741582);
  assertCloseTo(interval[1], 1.1177436483660754);
});

test('a run passes below the allowed ratio, fails above it, and is open where the baseline scatters too much', () => {
  const verdictOf = (baseline: number[], run: number) =>
    compareWithBaseline(baseline, run, PLAN).verdict;
  assert.equal(verdictOf(STEADY, 351), 'pass');
  assert.equal(verdictOf(STEADY, 200), 'pass');
  assert.equal(verdictOf(STEADY, 420), 'fail');
  assert.equal(verdictOf(STEADY, 384), 'inconclusive');
  assert.equal(verdictOf(NOISY, 380), 'inconclusive');
  assert.equal(verdictOf([350, 350, 350, 350, 350], 384), 'pass');
});

test('a baseline of as many runs as are needed gives a verdict, and one run fewer does not', () => {
  const { runsNeeded } = compareWithBaseline(STEADY, 400, PLAN);
  assert.ok(runsNeeded !== null && runsNeeded > 5, `${runsNeeded}`);
  // Runs with the same mean and deviation as the five.
  const logs = STEADY.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / 5;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 4;
  const verdictOf = (runs: number) => {
    // Two runs lie off the mean, the others on it.
    const off = Math.sqrt((variance * (runs - 1)) / 2);
    const alike = Array.from({ length: runs }, (_, at) =>
      Math.exp(mean + (at === 0 ? off : at === 1 ? -off : 0)),
    );
    return compareWithBaseline(alike, 400, PLAN).verdict;
  };
  assert.equal(verdictOf(runsNeeded), 'fail');
  assert.equal(verdictOf(runsNeeded - 1), 'inconclusive');
  assert.equal(compareWithBaseline(STEADY, 385.7, PLAN).runsNeeded, null);
  assert.equal(compareWithBaseline(STEADY, 420, PLAN).runsNeeded, null);
});

test('of several baselines one is enough to fail, a pass takes all, and the error rate is split', () => {
  const slower = STEADY.map((value) => 0.8 * value);
  assert.equal(compareWithBaselines([STEADY, STEADY], 351, PLAN).verdict, 'pass');
  assert.equal(compareWithBaselines([STEADY, slower], 351, PLAN).verdict, 'fail');
  assert.equal(compareWithBaselines([STEADY, NOISY], 351, PLAN).verdict, 'inconclusive');
  const [one] = compareWithBaselines([STEADY], 384, PLAN).comparisons;
  const [half] = compareWithBaselines([STEADY, STEADY], 384, PLAN).comparisons;
  assert.ok((half?.interval[0] ?? 1) < (one?.interval[0] ?? 0));
  assert.equal(half?.interval[1], one?.interval[1]);
});

test('a run that is just as slow as allowed passes and fails no more often than stated', () => {
  const normal = normalDraw(seededDraw(11));
  const levels = { mostRatio: 1.1, passAlpha: 0.05, failAlpha: 0.05 };
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < 4000; run++) {
    const baseline = Array.from({ length: 5 }, () => 350 * Math.exp(0.05 * normal()));
    const figure = 1.1 * 350 * Math.exp(0.05 * normal());
    counts[compareWithBaseline(baseline, figure, levels).verdict] += 1;
  }
  // Expected 200 each, standard deviation 13.8.
  for (const n of [counts.pass, counts.fail]) assert.ok(n > 150 && n < 250, `${n}`);
});

test('a baseline that is empty or short, and an impossible value, are refused', () => {
  for (const [baseline, run] of [
    [[], 350],
    [[350], 350],
    [[350, 351, 352, 353], 350],
    [[350, 351, 0, 353, 354], 350],
    [[350, 351, Number.NaN, 353, 354], 350],
    [STEADY, 0],
    [STEADY, Number.POSITIVE_INFINITY],
  ] as [number[], number][]) {
    assert.throws(() => compareWithBaseline(baseline, run, PLAN), RangeError);
  }
});

test("the tail and quantile of Student's t agree with scipy 1.17.1 stats.t.sf and stats.t.isf", () => {
  for (const [t, degrees, tail] of [
    [2.5, 4, 0.03338327240599407],
    [3, 1, 0.10241638234956672],
    [0.7, 2, 0.2781965123164327],
    [4.1, 5, 0.004677412014738032],
    [1.96, 30, 0.029671156448025246],
    [10, 3, 0.0010641995292070751],
    [0, 7, 0.5],
  ] as const) {
    assertCloseTo(studentTail(t, degrees), tail);
  }
  for (const [alpha, degrees, t] of [
    [0.005, 4, 4.604094871349993],
    [0.05, 9, 1.8331129326562376],
    [0.001, 1, 318.30883898555044],
    [0.025, 60, 2.0002978220142604],
  ] as const) {
    assertCloseTo(studentQuantile(alpha, degrees), t);
  }
});

test('degrees of freedom that are not positive whole numbers are refused', () => {
  assert.throws(() => studentTail(1, 0), RangeError);
  assert.throws(() => studentTail(1, 2.5), RangeError);
});
