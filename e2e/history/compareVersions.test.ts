import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { compareVersions, DEFAULT_COMPARISON } from './compareVersions.ts';
import { compareWithBaseline } from './compareWithBaseline.ts';
import { studentQuantile, studentTail } from './studentTail.ts';
import {
  type BlockPair,
  eHolm,
  logShiftEvidence,
  shiftInterval,
  signFlipChance,
  tailShift,
} from './versionEvidence.ts';

const LAST = { isLastLook: true };
const pairsOf = (count: number, baseline: number, candidate: (at: number) => number): BlockPair[] =>
  Array.from({ length: count }, (_, at) => ({
    baseline: [baseline, baseline, baseline],
    candidate: [candidate(at), candidate(at), candidate(at)],
  }));
const compare = (pairs: BlockPair[], look = LAST) => {
  const [comparison] = compareVersions(
    [{ id: 'classify.ownTime.p50', pairs, hasTail: true }],
    DEFAULT_COMPARISON,
    look,
  );
  if (comparison === undefined) throw new Error('no comparison');
  return comparison;
};

test('a candidate is worse if 10 % slower, better if 10 % faster, and the same if equal', () => {
  const worse = compare(pairsOf(15, 350, (at) => 384 + at / 5));
  assert.equal(worse.verdict, 'worse');
  assert.ok(worse.ratio > 1.09 && worse.ratio < 1.11);
  assert.ok((worse.interval[0] ?? 0) > 1);
  assert.equal(compare(pairsOf(15, 350, (at) => 318 - at / 5)).verdict, 'better');
  assert.equal(compare(pairsOf(40, 350, (at) => 349 + (at % 3))).verdict, 'same');
});

test('a difference that is too small to matter is the same, however certain', () => {
  assert.equal(compare(pairsOf(200, 350, () => 355)).verdict, 'same');
});

test('a few pairs give neither a verdict nor an interval', () => {
  const few = compare(pairsOf(3, 350, () => 700));
  assert.equal(few.verdict, 'open');
  assert.deepEqual(few.interval, [null, null]);
});

test('the tail is tested once, at the last look', () => {
  const slowTail = Array.from({ length: 200 }, (_, at) => ({
    baseline: [350, 351, 352, 353, 354],
    candidate: at % 10 === 0 ? [350, 351, 1152, 353, 1154] : [350, 351, 352, 353, 354],
  }));
  assert.equal(compare(slowTail, { isLastLook: false }).tail, null);
  const { tail, verdict } = compare(slowTail);
  assert.equal(verdict, 'same');
  assert.equal(tail?.verdict, 'worse');
  assert.deepEqual([tail?.baselineAbove, tail?.candidateAbove], [0, 20]);
});

test('values equal to the common quantile count for neither side', () => {
  const alike = pairsOf(50, 350, () => 350);
  assert.deepEqual(tailShift(alike), {
    baseline: 350,
    candidate: 350,
    limit: 350,
    baselineAbove: 0,
    candidateAbove: 0,
    pWorse: 1,
    pBetter: 1,
  });
});

test('the chance of sign flips agrees with an enumeration of all signs', () => {
  assert.equal(signFlipChance([3, 1, -1, 2, 2, 0, 1]), 0.0625);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 9 }), (differences) => {
      const observed = differences.reduce((sum, one) => sum + one, 0);
      let atLeast = 0;
      for (let signs = 0; signs < 2 ** differences.length; signs++) {
        const sum = differences.reduce(
          (total, one, at) => total + ((signs >> at) & 1 ? one : -one),
          0,
        );
        if (sum >= observed) atLeast += 1;
      }
      assertCloseTo(signFlipChance(differences), atLeast / 2 ** differences.length);
    }),
  );
});

test('e-Holm agrees with the worst mean over all subsets', () => {
  // numpy over itertools.combinations
  eHolm([300, 0.5, 40, 0.1]).forEach((value, at) => {
    assertCloseTo(value, [85.15, 0.3, 13.533333333333333, 0.1][at] as number);
  });
  assert.deepEqual(eHolm([7]), [7]);
  assert.deepEqual(eHolm([7, 7]), [7, 7]);
});

test('the expected evidence is 1 over random signs, and less if values tend to the wrong side', () => {
  const sizes = [0.02, 0.1, 0.05, 0.4];
  const expected = (shift: number) => {
    let sum = 0;
    for (let signs = 0; signs < 16; signs++) {
      const values = sizes.map((size, at) => ((signs >> at) & 1 ? size : -size));
      sum += Math.exp(logShiftEvidence(values, shift, 1)) / 16;
    }
    return sum;
  };
  assertCloseTo(expected(0), 1);
  assert.ok(expected(0.02) < 1);
});

test('swapping the sides mirrors the comparison', () => {
  const block = fc.array(fc.integer({ min: 100, max: 900 }), { minLength: 1, maxLength: 6 });
  const pairs = fc.array(fc.record({ baseline: block, candidate: block }), {
    minLength: 10,
    maxLength: 25,
  });
  fc.assert(
    fc.property(pairs, (some) => {
      const one = compare(some);
      const other = compare(
        some.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline })),
      );
      const mirrored = { worse: 'better', better: 'worse', same: 'same', open: 'open' } as const;
      assert.equal(other.verdict, mirrored[one.verdict]);
      assertCloseTo(one.ratio * other.ratio, 1);
      assertCloseTo((one.interval[0] ?? 1) * (other.interval[1] ?? 1), 1, 1e-6);
    }),
  );
});

test('the interval is where the evidence turns', () => {
  const values = [0.09, 0.11, 0.1, 0.08, 0.12, 0.1, 0.09, 0.1, 0.11, 0.1, 0.07, 0.13];
  const [lower, upper] = shiftInterval(values, 0.005);
  assert.ok(lower !== null && upper !== null && lower > 0 && lower < 0.1 && upper > 0.1);
  assertCloseTo(logShiftEvidence(values, lower, 1), -Math.log(0.005), 1e-6);
  assertCloseTo(logShiftEvidence(values, upper, -1), -Math.log(0.005), 1e-6);
});

test('a block without values, or with an impossible one, is refused with its place', () => {
  for (const baseline of [[], [350, 0], [350, -1], [Number.NaN]]) {
    assert.throws(() => compare([...pairsOf(2, 350, () => 350), { baseline, candidate: [350] }]), {
      code: 'RECORD_INVALID',
      message: /classify\.ownTime\.p50 → pair 3 → baseline/,
    });
  }
});

const RATES = { ...DEFAULT_COMPARISON, metricsInRun: 1 };
const ms = (...values: number[]) => ({ unit: 'ms', values });
const compareRuns = (baseline: number[], candidate: number[], rates = RATES) =>
  compareWithBaseline(
    'chat.latency.p50',
    { baseline: ms(...baseline), candidate: ms(...candidate) },
    rates,
  );

test('ratio and interval agree with scipy 1.17.1 ttest_ind(equal_var=True) on logarithms', () => {
  const { ratio, interval, verdict } = compareRuns([350, 352, 347, 355, 349], [380, 384]);
  assertCloseTo(ratio, 1.0895787332854756);
  assertCloseTo(interval[0] ?? 0, 1.05897351, 1e-8);
  assertCloseTo(interval[1] ?? 0, 1.12106848, 1e-8);
  assert.equal(verdict, 'worse');
});

test('a faster candidate is better, a close one the same, and a noisy baseline leaves the verdict open', () => {
  assert.equal(compareRuns([380, 384, 379, 383, 381], [350, 352]).verdict, 'better');
  assert.equal(compareRuns([350, 352, 347, 355, 349], [351, 350]).verdict, 'same');
  assert.equal(compareRuns([350, 400, 300, 370, 330], [380]).verdict, 'open');
});

test('a candidate from the same distribution is found different no more often than stated', () => {
  const draw = seededDraw(11);
  const normal = normalDraw(draw);
  const medianMs = () => 350 * Math.exp(0.05 * normal());
  let differ = 0;
  for (let run = 0; run < 4000; run++) {
    const baseline = Array.from({ length: 5 }, medianMs);
    const { verdict } = compareRuns(baseline, [medianMs()], { ...RATES, smallestRatio: 1.0001 });
    if (verdict === 'worse' || verdict === 'better') differ += 1;
  }
  // Expected 40, standard deviation 6.3.
  assert.ok(differ > 20 && differ < 60, `${differ}`);
});

test('a baseline that is empty, short, in another unit or with an impossible value is refused', () => {
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
