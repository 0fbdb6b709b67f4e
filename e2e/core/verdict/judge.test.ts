import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Objective } from '../budget/objective.ts';
import { readEvents } from '../record/event.ts';
import { binomialAtMost } from '../statistics/binomial.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
  underFault,
} from '../testing/objectives.ts';
import { repeat, seriesOf, spread } from '../testing/seriesOf.ts';
import { type Estimate, estimate } from './estimate.ts';
import { judge } from './judge.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };
const verdictOf = (objective: Objective, values: number[], rest = {}) =>
  judge(objective, seriesOf(objective, values, rest), RATES);

test('sixty-five fast answers establish a P95, twenty do not', () => {
  const pass = verdictOf(latencyP95, repeat([65, 350]));
  assert.equal(pass.verdict, 'pass');
  assert.equal(
    pass.reason,
    'none of 65 took 2000 ms or longer: at most 4.94 % of all (95 % confidence), 5 % is allowed',
  );
  const twenty = verdictOf(latencyP95, repeat([20, 350]));
  assert.equal(twenty.verdict, 'inconclusive');
  assert.equal(twenty.stillNeeded, 45);
  // Twenty in two seconds: at a limit of 350 ms, all of them bad would be one burst.
  assert.deepEqual(twenty.interval, [null, null]);
});

test('an answer as long as the objective is bad', () => {
  assert.equal(verdictOf(latencyP95, repeat([65, 1999.999])).verdict, 'pass');
  assert.equal(verdictOf(latencyP95, repeat([65, 2000])).verdict, 'fail');
});

test('a quarter of slow answers fails, and says by how much', () => {
  const judgement = verdictOf(latencyP95, spread(200, 350, 50, 2850));
  assert.equal(judgement.verdict, 'fail');
  assert.equal(judgement.estimate, 2850);
  assert.deepEqual([judgement.min, judgement.median, judgement.max], [350, 350, 2850]);
  assert.deepEqual(judgement.interval, [2850, 2850]);
  assert.match(
    judgement.reason,
    /^50 of 200 took 2000 ms or longer, in 4 bursts: at least 11\.6 % of all \(99\.88 % confidence\), 5 % is allowed$/,
  );
});

test('between pass and fail it is inconclusive, with the number of events that would settle it', () => {
  const { verdict, stillNeeded, reason } = verdictOf(latencyP95, spread(72, 350, 2, 2500));
  assert.equal(verdict, 'inconclusive');
  assert.match(reason, /more would settle it as a pass .*, beyond the sample budget of 59$/);
  const n = 72 + (stillNeeded ?? 0);
  const settled = verdictOf(latencyP95, spread(n, 350, Math.round(n / 36), 2500));
  assert.equal(settled.verdict, 'pass');
  const atTheBoundary = verdictOf(latencyP95, spread(200, 350, 10, 2500));
  assert.equal(atTheBoundary.stillNeeded, null);
});

test('events after the first clear verdict still count', () => {
  const early = verdictOf(latencyP95, repeat([100, 350]));
  assert.equal(early.verdict, 'pass');
  const laterBad = [...repeat([100, 350]), ...spread(300, 350, 90, 2500)];
  assert.equal(verdictOf(latencyP95, laterBad).verdict, 'fail');
});

test('one burst does not fail, and counts as few events', () => {
  const burst = verdictOf(latencyP95, repeat([60, 350], [12, 2500], [60, 350]));
  assert.equal(burst.verdict, 'inconclusive');
  assert.match(
    burst.reason,
    /^12 of 132 took 2000 ms or longer, in bursts, so that they count as 2\.2 of 24: /,
  );
  const apart = verdictOf(latencyP95, spread(132, 350, 24, 2500));
  assert.equal(apart.verdict, 'fail');
  assert.equal(apart.designEffect, 1);
});

test('bad events in a burst take more events to pass than separate ones', () => {
  const { verdict, reason, designEffect } = verdictOf(
    latencyP95,
    repeat([70, 350], [3, 2500], [70, 350]),
  );
  assert.equal(verdict, 'inconclusive');
  assert.ok((designEffect ?? 0) > 2);
  assert.match(
    reason,
    /, in bursts, so that they count as 1\.2 of 58: .* more would settle it as a pass/,
  );
  const longer = verdictOf(latencyP95, repeat([300, 350], [3, 2500], [300, 350]));
  assert.equal(longer.verdict, 'pass');
});

test('a service that always misses its objective fails, though it is a single burst', () => {
  assert.equal(verdictOf(latencyP95, repeat([60, 2500])).verdict, 'fail');
  assert.equal(verdictOf(latencyP95, repeat([48, 2500])).verdict, 'inconclusive');
});

test('no data is a fail, whether requests failed or are missing', () => {
  for (const rest of [{}, { failed: 20 }, { missing: 20 }]) {
    const judgement = verdictOf(latencyP95, [], rest);
    assert.equal(judgement.verdict, 'fail');
    assert.match(judgement.reason, /^no data/);
    assert.equal(judgement.estimate, null);
    assert.deepEqual(judgement.interval, [null, null]);
  }
});

test('a missing value prevents a pass, but not a fail', () => {
  assert.equal(verdictOf(latencyP95, repeat([99, 350]), { missing: 1 }).verdict, 'inconclusive');
  assert.equal(verdictOf(latencyP95, repeat([99, 2500]), { missing: 1 }).verdict, 'fail');
});

test('availability is the share of answered requests, between exact bounds', () => {
  const good = verdictOf(availability, repeat([3400, 0]));
  assert.equal(good.verdict, 'pass');
  assert.equal(good.estimate, 1);
  assert.equal(good.interval[1], 1);
  assert.ok((good.interval[0] ?? 0) > 0.999);
  assert.equal(verdictOf(availability, spread(3400, 0, 68, 1)).verdict, 'fail');
  assert.equal(verdictOf(availability, repeat([300, 0])).stillNeeded, 2988);
  assert.equal(verdictOf(metadataAccuracy, repeat([200, 1])).estimate, 0);
});

test('a limit of zero fails at the first event and passes at the declared number', () => {
  const pass = verdictOf({ ...modelCallsPerRequest, sampleBudget: 2301 }, repeat([2301, 2]));
  assert.equal(pass.verdict, 'pass');
  assert.equal(
    pass.reason,
    'none in 2,301 took more than 2 calls: below 0.13 % of all (95 % confidence)',
  );
  assert.deepEqual([pass.estimate, pass.interval], [2, [2, null]]);
  assert.equal(verdictOf(modelCallsPerRequest, [3]).verdict, 'fail');
  assert.equal(verdictOf(modelCallsPerRequest, repeat([5000, 2], [1, 3])).verdict, 'fail');
  assert.equal(verdictOf(modelCallsPerRequest, repeat([58, 2])).stillNeeded, 1);
});

test('events that contradict their objective are refused with their place', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    assert.throws(() => verdictOf(latencyP95, [350, value]), {
      code: 'RECORD_INVALID',
      message: /classify\.latency\.p95 → 5f3a9c1e-1/,
    });
  }
  const series = seriesOf(latencyP95, [350]);
  assert.throws(() => judge({ ...latencyP95, unit: 's' }, series, RATES), { message: /found\s+s/ });
  const wrong = { ...series, events: series.events.map((event) => ({ ...event, bad: true })) };
  assert.throws(() => judge(latencyP95, wrong, RATES), { message: /bad at 350 ms/ });
  const without = { ...series, events: series.events.map((event) => ({ ...event, value: null })) };
  assert.throws(() => judge(latencyP95, without, RATES), { code: 'RECORD_INVALID' });
});

test('error rates outside (0, 1) and a run of no objectives are refused', () => {
  const series = seriesOf(latencyP95, [350]);
  assert.throws(() => judge(latencyP95, series, { ...RATES, falsePass: 1 }), RangeError);
  assert.throws(() => judge(latencyP95, series, { ...RATES, falseFail: 0 }), RangeError);
  assert.throws(() => judge(latencyP95, series, { ...RATES, objectivesInRun: 0 }), RangeError);
});

const DECLARED_ANSWERS = 2301;
const ISOLATION = underFault('isolation', 0, { sampleBudget: DECLARED_ANSWERS });
const foreignIn500 = (n: number) => 1 - binomialAtMost(0, n, 1 / 500);

test('2,301 answers are the fewest that find 1 foreign one in 500 with 99 %', () => {
  assert.ok(foreignIn500(DECLARED_ANSWERS) >= 0.99, `${foreignIn500(DECLARED_ANSWERS)}`);
  assert.ok(foreignIn500(DECLARED_ANSWERS - 1) < 0.99, `${foreignIn500(DECLARED_ANSWERS - 1)}`);
});

test('of 1,000 runs with 1 foreign answer in 500 at most 15 pass, of those without one none fails', (t) => {
  const verdicts = (share: number) => {
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 1; run <= 1000; run++) {
      const draw = seededDraw(run);
      const answers = Array.from({ length: DECLARED_ANSWERS }, () => (draw() < share ? 1 : 0));
      // The first foreign answer decides, so it alone is judged.
      const first = answers.indexOf(1);
      const seen = first === -1 ? answers : answers.slice(first, first + 1);
      counts[verdictOf(ISOLATION, seen).verdict] += 1;
    }
    return counts;
  };
  const leaking = verdicts(1 / 500);
  t.diagnostic(`1 in 500: ${JSON.stringify(leaking)}`);
  assert.ok(leaking.pass <= 15 && leaking.fail >= 985, JSON.stringify(leaking));
  assert.equal(leaking.inconclusive, 0);
  assert.equal(verdictOf(ISOLATION, repeat([DECLARED_ANSWERS, 0])).verdict, 'pass');
});

test('one answer fewer than declared does not pass', () => {
  const { verdict, stillNeeded } = verdictOf(ISOLATION, repeat([DECLARED_ANSWERS - 1, 0]));
  assert.deepEqual([verdict, stillNeeded], ['inconclusive', 1]);
});

const ALPHAS = { passAlpha: 0.05, failAlpha: 0.01 };
/** Enough values to bound both ends. */
const VALUES = fc.array(fc.integer({ min: 0, max: 40 }), {
  minLength: 1,
  maxLength: 120,
  size: 'max',
});
const LIMIT = fc.integer({ min: 1, max: 40 });

function estimated(objective: Objective, values: number[]): Estimate {
  const { events } = seriesOf(objective, values);
  const { allowedShare } = objective;
  const tally = tallyEvents(allowedShare, events);
  return estimate(objective, readEvents(objective, events), tally, { ...ALPHAS, allowedShare });
}

const negated = (value: number | null) => (value === null ? null : 0 - value);

test('the estimate for more is better mirrors that of the negated values', () => {
  let bound = 0;
  fc.assert(
    fc.property(VALUES, LIMIT, (values, limit) => {
      const more = estimated(underFault('gapGrowth', limit), values);
      const less = estimated(
        underFault('fairness', -limit, { quantile: 0.5, allowedShare: 0.5 }),
        values.map((value) => 0 - value),
      );
      assert.equal(more.estimate, negated(less.estimate));
      assert.deepEqual(more.interval, [negated(less.interval[1]), negated(less.interval[0])]);
      assert.deepEqual([more.min, more.max], [negated(less.max), negated(less.min)]);
      if (!more.interval.includes(null)) bound += 1;
    }),
    { seed: 1, numRuns: 300 },
  );
  assert.ok(bound > 20, `both ends were bound in ${bound}`);
});

/** Latencies in ms at 100 ms distance, some of them slow in a row. */
const BURSTY = fc
  .array(
    fc.record({
      quick: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60, size: 'max' }),
      slow: fc.array(fc.integer({ min: 15, max: 40 }), { maxLength: 12, size: 'max' }),
    }),
    { minLength: 1, maxLength: 8, size: 'max' },
  )
  .map((parts) => [7, ...parts.flatMap(({ quick, slow }) => [...quick, ...slow])]);

test('the interval excludes the objective exactly if the verdict is not inconclusive', () => {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  fc.assert(
    fc.property(BURSTY, LIMIT, fc.constantFrom(0.5, 0.75, 0.95), (values, limit, quantile) => {
      const objective = underFault('latency', limit, { quantile, allowedShare: 1 - quantile });
      const { verdict, interval } = verdictOf(objective, values);
      seen[verdict] += 1;
      const [lower, upper] = interval;
      assert.equal(verdict === 'pass', upper !== null && upper < limit);
      assert.equal(verdict === 'fail', lower !== null && lower >= limit);
    }),
    { seed: 3, numRuns: 600 },
  );
  assert.ok(Math.min(...Object.values(seen)) > 40, JSON.stringify(seen));
});

test('the interval agrees with the verdict where more is better too', () => {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  fc.assert(
    fc.property(VALUES, LIMIT, (values, limit) => {
      const objective = underFault('gapGrowth', limit);
      const { verdict, interval } = verdictOf(objective, values);
      seen[verdict] += 1;
      const [lower, upper] = interval;
      assert.equal(verdict === 'pass', lower !== null && lower > limit);
      assert.equal(verdict === 'fail', upper !== null && upper <= limit);
    }),
    { seed: 2, numRuns: 600 },
  );
  assert.ok(Math.min(...Object.values(seen)) > 40, JSON.stringify(seen));
});

test('a negated zero is shown without a sign', () => {
  const { estimate: middle, interval } = estimated(underFault('jitter', 5), repeat([60, 0]));
  assert.ok(Object.is(middle, 0));
  assert.ok(interval.every((end) => Object.is(end, 0)));
});

test('if no bad event is allowed, the estimate is the share of good events with its exact bound', () => {
  const isolation = underFault('isolation');
  const clean = estimated(isolation, repeat([2301, 0]));
  assert.deepEqual([clean.estimate, clean.interval[1]], [1, 1]);
  assert.ok(Math.abs((clean.interval[0] ?? 0) - 0.998_699) < 1e-6, `${clean.interval[0]}`);
  // scipy 1.17.1: 1 - beta.ppf(0.95, 2, 19)
  const one = estimated(isolation, repeat([19, 0], [1, 1]));
  assert.deepEqual([one.estimate, one.interval[1]], [0.95, null]);
  assert.ok(Math.abs((one.interval[0] ?? 0) - 0.783_893) < 1e-6, `${one.interval[0]}`);
  assert.deepEqual(estimated(isolation, [1]).interval, [0, null]);
});

test('the estimate of a maximum is the greatest value, without an upper bound', () => {
  const { estimate: most, interval, min, median } = estimated(underFault('refusal'), [9, 80, 3]);
  assert.deepEqual([most, interval, min, median], [80, [80, null], 3, 9]);
});
