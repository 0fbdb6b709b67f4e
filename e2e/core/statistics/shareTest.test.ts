import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inBursts } from '../calibration/eventSources.ts';
import { assertCloseTo } from '../testing/closeTo.ts';
import { repeat, spread } from '../testing/seriesOf.ts';
import { binomialProbability } from './binomialProbability.ts';
import { addEvent, startTally, tallyEvents } from './eventTally.ts';
import { FAIL_PRIOR, mixtureEvidence, PASS_PRIOR } from './mixtureEvidence.ts';
import { seededDraw } from './seededDraw.ts';
import { shareBounds } from './shareBounds.ts';
import { shareTest, verdictOfCounts } from './shareTest.ts';

const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.0004 };
const after = (values: number[], plan = PLAN) =>
  shareTest(plan)(
    tallyEvents(
      plan.allowedShare,
      values.map((value) => ({ bad: value === 1 })),
    ),
  );

test('the weights of each prior add up to 1', () => {
  for (const prior of [PASS_PRIOR, FAIL_PRIOR]) {
    assertCloseTo(
      prior.reduce((sum, { weight }) => sum + weight, 0),
      1,
    );
  }
});

test('the evidence agrees with the mixture of likelihood ratios as it is defined', () => {
  const share = 0.05;
  for (const prior of [PASS_PRIOR, FAIL_PRIOR]) {
    for (const [bad, n] of [
      [0, 40],
      [3, 90],
      [20, 90],
    ] as const) {
      const direct = prior.reduce((sum, { weight, oddsRatio }) => {
        const other = (oddsRatio * share) / (1 - share + oddsRatio * share);
        return sum + weight * (other / share) ** bad * ((1 - other) / (1 - share)) ** (n - bad);
      }, 0);
      assertCloseTo(mixtureEvidence(share, prior)(bad, n), Math.log(direct));
    }
  }
});

test('under the allowed share the expected evidence is 1, on the wrong side of it less', () => {
  const expected = (prior: typeof PASS_PRIOR, truth: number) => {
    const evidence = mixtureEvidence(0.05, prior);
    let sum = 0;
    for (let bad = 0; bad <= 60; bad++)
      sum += binomialProbability(bad, 60, truth) * Math.exp(evidence(bad, 60));
    return sum;
  };
  assertCloseTo(expected(PASS_PRIOR, 0.05), 1);
  assertCloseTo(expected(FAIL_PRIOR, 0.05), 1);
  assert.ok(expected(PASS_PRIOR, 0.06) < 1);
  assert.ok(expected(FAIL_PRIOR, 0.04) < 1);
});

test('fewest events to pass, where none is bad', () => {
  const fewest = (allowedShare: number) => {
    const verdict = verdictOfCounts({ ...PLAN, allowedShare });
    let n = 1;
    while (verdict(0, n) !== 'pass') n++;
    return n;
  };
  assert.deepEqual([0.5, 0.05, 0.001].map(fewest), [5, 65, 3288]);
});

test('more bad events never help to pass, fewer never help to fail', () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 399 }));
  fc.assert(
    fc.property(counts, fc.constantFrom(0.5, 0.05, 0.001), ([n, some], allowedShare) => {
      const bad = Math.min(some, n - 1);
      const verdict = verdictOfCounts({ ...PLAN, allowedShare });
      if (verdict(bad + 1, n) === 'pass') assert.equal(verdict(bad, n), 'pass');
      if (verdict(bad, n) === 'fail') assert.equal(verdict(bad + 1, n), 'fail');
    }),
  );
});

test('the bounds are where the test turns, and hold what was seen between them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, part) => {
        const bad = Math.round(part * n);
        const [lower, upper] = shareBounds(bad, n, PLAN);
        assert.ok(lower <= bad / n && bad / n <= upper && upper <= 1);
        const at = (allowedShare: number) => verdictOfCounts({ ...PLAN, allowedShare })(bad, n);
        if (upper < 0.999) assert.equal(at(upper * 1.001), 'pass');
        if (lower > 0.001) assert.equal(at(lower * 0.999), 'fail');
        assert.notEqual(at(Math.min(upper * 0.999, 0.9999)), 'pass');
      },
    ),
  );
});

test('a discount by the design effect only ever weakens the evidence', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 1, max: 20, noNaN: true }),
      (n, some, effect) => {
        const bad = Math.min(some, n);
        const discounted = verdictOfCounts(PLAN, effect)(bad, n);
        if (discounted !== 'inconclusive') assert.equal(verdictOfCounts(PLAN)(bad, n), discounted);
      },
    ),
  );
});

test('fails only on at least five separate bursts', () => {
  const beat = after(spread(90, 0, 45, 1));
  assert.deepEqual([beat.heldBackBy, beat.bursts], ['bursts', 4]);
  const longer = after(spread(100, 0, 50, 1));
  assert.deepEqual([longer.verdict, longer.bursts], ['fail', 5]);
});

test('above a design effect of 2 a pass takes three times as much evidence again', () => {
  const lone = after([...repeat([400, 0]), 1, ...repeat([100, 0]), 1]);
  assert.deepEqual([lone.verdict, lone.designEffect], ['pass', 1]);
  const pairAmong = (good: number) => after([...repeat([good, 0]), 1, 1, ...repeat([good, 0])]);
  const few = pairAmong(250);
  assert.ok((few.designEffect ?? 0) > 2);
  assert.equal(few.verdict, 'inconclusive');
  assert.equal(pairAmong(750).verdict, 'pass');
});

test('bursts at the boundary let hardly more pass falsely than to pass none above that effect', () => {
  const draw = seededDraw(5);
  const test95 = shareTest(PLAN);
  const [runs, most] = [400, 3000];
  const passed = { atAll: 0, beyondTwo: 0 };
  for (let run = 0; run < runs; run++) {
    const next = inBursts(0.05, 5)(draw);
    let tally = startTally(0.05);
    for (let n = 1; n <= most; n++) {
      tally = addEvent(tally, next());
      const state = n % 10 === 0 ? test95(tally) : null;
      if (state?.verdict !== 'pass') continue;
      passed.atAll++;
      if ((state.designEffect ?? 1) > 2) passed.beyondTwo++;
      break;
    }
  }
  assert.ok(passed.beyondTwo <= 0.01 * runs, JSON.stringify(passed));
});

test('says how far it is from either verdict', () => {
  const half = after(repeat([30, 0]));
  assert.ok(half.towardsPass > 0.2 && half.towardsPass < 0.8);
  assert.equal(half.towardsFail, 0);
  assert.ok(after(repeat([65, 0])).towardsPass >= 1);
  assert.ok(after(repeat([60, 1])).towardsFail >= 1);
});

test('bursts count as fewer events: evidence that would fail apart does not in bursts', () => {
  const apart = spread(400, 0, 48, 1);
  const inEights = Array.from({ length: 6 }, () => [...repeat([59, 0]), ...repeat([8, 1])]).flat();
  assert.equal(after(apart).verdict, 'fail');
  const { verdict, bursts, heldBackBy } = after(inEights);
  assert.deepEqual([verdict, bursts, heldBackBy], ['inconclusive', 6, null]);
});
