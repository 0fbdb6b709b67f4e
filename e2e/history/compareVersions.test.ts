import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { compareVersions, DEFAULT_COMPARISON } from './compareVersions.ts';
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
