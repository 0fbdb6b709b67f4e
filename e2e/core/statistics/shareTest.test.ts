import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseTo } from '../testing/closeTo.ts';
import { drawMonotony } from '../testing/drawMonotony.ts';
import { repeat } from '../testing/seriesOf.ts';
import { binomialProbability } from './binomial.ts';
import {
  addEvent,
  betKey,
  designEffect,
  type EventTally,
  startTally,
  tallyEvents,
} from './eventTally.ts';
import { seededDraw } from './seededDraw.ts';
import { failEvidence, mixtureEvidence, PASS_PRIOR } from './shareEvidence.ts';
import { foreseeVerdict, shareBounds, shareTest } from './shareTest.ts';

const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.0004 };
const after = (values: number[], plan = PLAN) =>
  shareTest(plan)(
    tallyEvents(
      plan.allowedShare,
      values.map((value) => ({ bad: value === 1 })),
    ),
  );

test('the weights of the prior add up to 1', () => {
  assertCloseTo(
    PASS_PRIOR.reduce((sum, { weight }) => sum + weight, 0),
    1,
  );
});

test('the evidence to pass agrees with the mixture of likelihood ratios as it is defined', () => {
  const share = 0.05;
  for (const [bad, n] of [
    [0, 40],
    [3, 90],
    [20, 90],
  ] as const) {
    const direct = PASS_PRIOR.reduce((sum, { weight, oddsRatio }) => {
      const other = (oddsRatio * share) / (1 - share + oddsRatio * share);
      return sum + weight * (other / share) ** bad * ((1 - other) / (1 - share)) ** (n - bad);
    }, 0);
    assertCloseTo(mixtureEvidence(share, PASS_PRIOR)(bad, n), Math.log(direct));
  }
});

test('the expected evidence to pass is 1 at the allowed share, and less above it', () => {
  const expected = (truth: number) => {
    const evidence = mixtureEvidence(0.05, PASS_PRIOR);
    let sum = 0;
    for (let bad = 0; bad <= 60; bad++)
      sum += binomialProbability(bad, 60, truth) * Math.exp(evidence(bad, 60));
    return sum;
  };
  assertCloseTo(expected(0.05), 1);
  assert.ok(expected(0.06) < 1);
});

test('the expected capital of the bets is 1 at the allowed share, over all sequences and for any stopping rule', () => {
  for (const [allowedShare, length, isTimed] of [
    [0.5, 12, false],
    [0.2, 12, false],
    [0.05, 12, false],
    [0.25, 10, true],
  ] as const) {
    const stakeOf = failEvidence(allowedShare);
    const expected = (stop: (n: number, stake: number) => boolean) => {
      let sum = 0;
      const walk = (events: { bad: boolean; atMs?: number }[], chance: number): void => {
        const stake = Math.exp(stakeOf(tallyEvents(allowedShare, events)));
        if (events.length === length || stop(events.length, stake)) {
          sum += chance * stake;
          return;
        }
        // Some come close after one another, some seconds later.
        const atMs = events.length * 700 + (events.length > 5 ? 2500 : 0);
        for (const bad of [true, false]) {
          const event = isTimed ? { bad, atMs } : { bad };
          walk([...events, event], chance * (bad ? allowedShare : 1 - allowedShare));
        }
      };
      walk([], 1);
      return sum;
    };
    assertCloseTo(
      expected(() => false),
      1,
    );
    assertCloseTo(
      expected((_, stake) => stake > 3),
      1,
    );
  }
});

test('the evidence to fail never grows with the allowed share', () => {
  fc.assert(
    fc.property(BURSTY, ({ allowedShare, events }) => {
      const evidence = failEvidence(allowedShare);
      const tally = tallyEvents(allowedShare, events);
      const at = [0.01, 0.1, 0.3, 0.7, 0.99].map((share) => evidence(tally, share));
      assert.ok(at.every((value, place) => place === 0 || value <= (at[place - 1] as number)));
    }),
  );
});

test('without a bad event, P50, P95 and 99.9 % pass after 5, 65 and 3,288 events', () => {
  const fewest = (allowedShare: number) => {
    const verdictOf = shareTest({ ...PLAN, allowedShare });
    const tally = startTally(allowedShare);
    while (verdictOf(tally).verdict !== 'pass') addEvent(tally, false);
    return tally.n;
  };
  assert.deepEqual([0.5, 0.05, 0.001].map(fewest), [5, 65, 3288]);
});

test('a P50 passes with a tenth of the answers bad in one burst', () => {
  const median = { ...PLAN, allowedShare: 0.5, failAlpha: 0.01 / 60 };
  assert.equal(after(repeat([100, 0], [6, 1], [44, 0]), median).verdict, 'pass');
  assert.equal(after(repeat([20, 0], [5, 1], [35, 0]), median).verdict, 'pass');
});

test('two outages that took a seventh of the requests fail 99.9 %, one of 200 in 4,000 does not', () => {
  const plan = { ...PLAN, allowedShare: 0.001, failAlpha: 0.01 / 60 };
  const two = after(repeat([400, 0], [110, 1], [500, 0], [105, 1], [385, 0]), plan);
  assert.equal(two.verdict, 'fail');
  const one = after(repeat([2000, 0], [200, 1]), plan);
  assert.deepEqual([one.verdict, one.isOneBurst], ['inconclusive', true]);
  assert.equal(after(repeat([2000, 0], [200, 1], [1800, 0]), plan).verdict, 'inconclusive');
});

test('a long outage fails though it is a single burst', () => {
  const events = (good: number, bad: number) =>
    repeat([good, 0], [bad, 1]).map((value, at) => ({ bad: value === 1, atMs: 1e12 + at * 10 }));
  const verdictOf = shareTest({ ...PLAN, failAlpha: 0.01 / 60 });
  assert.equal(verdictOf(tallyEvents(0.05, events(3000, 2000))).verdict, 'fail');
  assert.equal(verdictOf(tallyEvents(0.05, events(3000, 400))).verdict, 'inconclusive');
});

test('events that are always bad fail, with or without times', () => {
  for (const allowedShare of [0.5, 0.25, 0.05, 0.001]) {
    const plan = { ...PLAN, allowedShare, failAlpha: 0.01 / 60 };
    assert.equal(after(repeat([115, 1]), plan).verdict, 'fail');
  }
});

/** The plan of an objective and events of it, some of them in bursts, some with times. */
const BURSTY = fc
  .record({
    allowedShare: fc.constantFrom(0.5, 0.25, 0.1, 0.05, 0.001),
    parts: fc.array(
      fc.record({
        good: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 300 })),
        bad: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 70 })),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    everyMs: fc.constantFrom(null, 10, 500, 3000),
  })
  .map(({ allowedShare, parts, everyMs }) => {
    const values = parts.flatMap(({ good, bad }) => repeat([good, 0], [bad, 1]));
    const events = [0, ...values].map((value, at) => ({
      bad: value === 1,
      ...(everyMs === null ? {} : { atMs: 1e12 + at * everyMs }),
    }));
    return { allowedShare, events };
  });

test('bounds, verdict and forecast agree over random bursty sequences', () => {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  fc.assert(
    fc.property(BURSTY, ({ allowedShare, events }) => {
      const plan = { ...PLAN, allowedShare };
      const tally = tallyEvents(allowedShare, events);
      const { verdict, isOneBurst } = shareTest(plan)(tally);
      seen[verdict] += 1;
      const [lower, upper] = shareBounds(tally, plan);
      assert.ok(0 <= lower && lower <= tally.bad / tally.n && tally.bad / tally.n <= upper);
      assert.equal(verdict === 'pass', upper <= allowedShare, `at most ${upper}`);
      assert.equal(verdict === 'fail', lower >= allowedShare, `at least ${lower}`);
      const foresight = foreseeVerdict(tally, plan);
      if (verdict !== 'inconclusive') assert.deepEqual(foresight, { n: tally.n, verdict });
      else if (foresight !== null) {
        assert.ok(foresight.n > tally.n);
        assert.equal(foresight.verdict === 'fail', tally.bad / tally.n > allowedShare);
        if (isOneBurst) assert.equal(foresight.verdict, 'fail');
      }
    }),
    { numRuns: 1000, seed: 4 },
  );
  assert.ok(Math.min(...Object.values(seen)) > 100, JSON.stringify(seen));
});

test('the forecast comes true if the same events are repeated', () => {
  let checked = 0;
  fc.assert(
    fc.property(BURSTY, ({ allowedShare, events }) => {
      const plan = { ...PLAN, allowedShare };
      // They end with good events, so that no burst goes on over the end.
      const whole = [...events, ...repeat([6, 0]).map(() => ({ bad: false }))].map(({ bad }) => ({
        bad,
      }));
      const tally = tallyEvents(allowedShare, whole);
      const foresight = foreseeVerdict(tally, plan);
      if (foresight === null || foresight.n > 20 * whole.length) return;
      const times = Math.ceil(foresight.n / whole.length);
      const repeated = Array.from({ length: times }, () => whole).flat();
      assert.equal(shareTest(plan)(tallyEvents(allowedShare, repeated)).verdict, foresight.verdict);
      checked += 1;
    }),
    { numRuns: 500, seed: 5 },
  );
  assert.ok(checked > 200, `${checked}`);
});

test('one more good event hardly ever prevents a pass, and one more bad one hardly ever causes it', () => {
  for (const [allowedShare, mostEvents] of [
    [0.5, 150],
    [0.25, 100],
    [0.05, 600],
  ] as const) {
    const found = drawMonotony({ allowedShare, mostEvents }, 6000, seededDraw(3));
    assert.ok(found.pass > 800 && found.inconclusive > 3000, JSON.stringify(found));
    assert.ok(found.passLostByBetter < found.pass / 200, JSON.stringify(found));
    assert.ok(found.passWonByWorse < found.inconclusive / 200, JSON.stringify(found));
  }
});

test('the state says how far it is from either verdict', () => {
  const half = after(repeat([30, 0]));
  assert.ok(half.towardsPass > 0.2 && half.towardsPass < 0.8);
  assert.equal(half.towardsFail, 0);
  assert.ok(after(repeat([65, 0])).towardsPass >= 1);
  assert.ok(after(repeat([60, 1])).towardsFail >= 1);
});

const bits = (text: string) => [...text].map((bit) => ({ bad: bit === '1' }));
const tallyOf = (text: string, allowedShare = 0.05) => tallyEvents(allowedShare, bits(text));
/** Events at one distance from each other. */
const every = (ms: number, text: string, allowedShare = 0.05) =>
  tallyEvents(
    allowedShare,
    bits(text).map((event, at) => ({ ...event, atMs: 1e12 + at * ms })),
  );

/** Every bet as [bad, events], the open one last. */
function betsOf({ bets, bet }: EventTally): [number, number][] {
  const closed = [...bets.values()].flatMap(({ bad, n, count }) =>
    Array.from({ length: count }, (): [number, number] => [bad, n]),
  );
  return bet.n === 0 ? closed : [...closed, [bet.bad, bet.n]];
}

test('a tally counts events, bursts and the size of bursts', () => {
  const tally = tallyOf('0110100111', 0.5);
  assert.deepEqual([tally.n, tally.bad, tally.bursts], [10, 6, 3]);
  assert.equal(tally.sumOfSquaredBursts, 4 + 1 + 9);
});

test('all sums agree with a count over the whole sequence', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (sequence) => {
      const text = sequence.map((bad) => (bad ? '1' : '0')).join('');
      const tally = tallyOf(text);
      const bursts = (text.match(/1(0{0,4}1)*/g) ?? []).map((burst) => burst.replaceAll('0', ''));
      assert.equal(tally.bursts, bursts.length);
      assert.equal(
        tally.sumOfSquaredBursts,
        bursts.reduce((sum, { length }) => sum + length ** 2, 0),
      );
      const bets = betsOf(tally);
      assert.equal(
        bets.reduce((sum, [bad]) => sum + bad, 0),
        tally.bad,
      );
      assert.equal(bets.reduce((sum, [, n]) => sum + n, 0) + tally.loneGood, tally.n);
    }),
  );
});

test('up to four good events do not end a burst at 5 %, none does at 50 %', () => {
  assert.equal(tallyOf('100001').bursts, 1);
  assert.equal(tallyOf('1000001').bursts, 2);
  assert.equal(tallyOf('101', 0.5).bursts, 2);
  assert.equal(tallyOf('100001', 0).bursts, 1);
});

test('a burst ends after 5 s, and if the next bad event comes 2 s later', () => {
  assert.equal(every(100, '1'.repeat(49)).bursts, 1);
  assert.equal(every(100, '1'.repeat(51)).bursts, 2);
  assert.equal(every(1_999, '111').bursts, 1);
  assert.equal(every(2_000, '111').bursts, 3);
  assert.equal(every(1_000, '1001').bursts, 2);
});

test('a bet covers a burst from its first bad event to the good one that ends it', () => {
  assert.deepEqual(betsOf(tallyOf('0110100', 0.5)), [
    [2, 3],
    [1, 2],
  ]);
  assert.equal(tallyOf('0110100', 0.5).loneGood, 2);
  assert.deepEqual(betsOf(tallyOf('10010000000')), [[2, 9]]);
  // The end is not known yet.
  assert.deepEqual(betsOf(tallyOf('0100')), [[1, 3]]);
});

test('a bet ends after 50 events even if its burst goes on', () => {
  const tally = tallyOf('1'.repeat(120), 0.5);
  assert.equal(tally.bursts, 1);
  assert.deepEqual(betsOf(tally), [
    [50, 50],
    [50, 50],
    [20, 20],
  ]);
});

test('for events seconds apart a bet takes as many bad ones as the odds against one', () => {
  assert.deepEqual(betsOf(every(3_000, '1111', 0.5)), [...new Array(4).fill([1, 1])]);
  assert.deepEqual(betsOf(every(3_000, '11111', 0.25)), [
    [3, 3],
    [2, 2],
  ]);
  assert.equal(every(3_000, '11111', 0.25).bursts, 5);
});

test('a burst and a bet end with the most bad events that one incident can cause', () => {
  const tally = tallyEvents(0.5, bits('011111100'), { mostInABurst: 4 });
  assert.deepEqual([tally.bursts, tally.sumOfSquaredBursts], [2, 16 + 4]);
  assert.deepEqual(betsOf(tally), [
    [4, 4],
    [2, 3],
  ]);
});

test('bets with another outcome have another key', () => {
  const outcomes = Array.from({ length: 51 }, (_, n) =>
    Array.from({ length: n + 1 }, (_, bad) => ({ bad, n })),
  ).flat();
  assert.equal(new Set(outcomes.map(betKey)).size, outcomes.length);
});

test('the size of a tally does not grow with the number of events', () => {
  for (const allowedShare of [0.5, 0.05]) {
    const tally = startTally(allowedShare);
    let state = 1;
    for (let at = 0; at < 1_000_000; at++) {
      state = (state * 48_271) % 2_147_483_647;
      addEvent(tally, state % 1000 < 1000 * allowedShare);
    }
    assert.equal(tally.n, 1_000_000);
    assert.ok(tally.bets.size < 150, `${tally.bets.size}`);
  }
});

test('the design effect is 1 for independent events and the burst size for bursts', () => {
  assert.equal(designEffect(tallyOf('0'.repeat(50))), null);
  assert.equal(designEffect(tallyOf('1'.repeat(50))), 1);
  assert.equal(designEffect(tallyOf(`1${'0'.repeat(99)}`.repeat(20))), 1);
  const threes = designEffect(tallyOf(`111${'0'.repeat(997)}`.repeat(20))) ?? 0;
  assert.ok(threes > 2.8 && threes < 3, `${threes}`);
});

test('a steady beat is not a burst; bad events with single good ones between are', () => {
  assert.equal(designEffect(tallyOf('0001'.repeat(50), 0.5)), 1);
  const sparing = designEffect(tallyOf(`10101010${'0'.repeat(152)}`.repeat(20))) ?? 0;
  assert.ok(sparing > 3, `${sparing}`);
});

test('a few long bursts among many short ones raise the design effect', () => {
  const short = `1${'0'.repeat(30)}`.repeat(100);
  assert.equal(designEffect(tallyOf(short)), 1);
  const effect = designEffect(tallyOf(`${short}${'1'.repeat(30)}${'0'.repeat(300)}`)) ?? 0;
  assert.ok(effect > 5, `${effect}`);
});
