import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyEvents } from '../statistics/eventTally.ts';
import { expectedSampling, smallestToPass } from '../statistics/sampleSize.ts';
import { shareTest } from '../statistics/shareTest.ts';
import { assertCloseTo } from '../testing/closeTo.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { planSampling } from './sampleBudget.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 15 };
const CONDITIONS = {
  eventsPerSecond: 10,
  ceilings: { requestsPerRun: 20_000, durationSeconds: 600 },
  file: 'budgets/local.json',
};
const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.0004 };

test('the smallest number is where a clean run first passes', () => {
  for (const allowedShare of [0.5, 0.1, 0.05, 0.01, 0.001]) {
    const plan = { ...PLAN, allowedShare };
    const n = smallestToPass(plan);
    const verdictAfter = (good: number) =>
      shareTest(plan)(
        tallyEvents(
          allowedShare,
          Array.from({ length: good }, () => ({ bad: false })),
        ),
      ).verdict;
    assert.deepEqual([verdictAfter(n), verdictAfter(n - 1)], ['pass', 'inconclusive']);
  }
});

test('expected sampling agrees with a walk over every sequence, with a look after each event', () => {
  const plan = { allowedShare: 0.5, passAlpha: 0.2, failAlpha: 0.2 };
  const [share, most] = [0.4, 12];
  const verdictOf = shareTest(plan);
  const ends = { pass: 0, fail: 0, inconclusive: 0, n: 0 };
  const walk = (events: { bad: boolean }[], chance: number): void => {
    const { verdict } = verdictOf(tallyEvents(plan.allowedShare, events));
    if (events.length === most || verdict !== 'inconclusive') {
      ends[verdict] += chance;
      ends.n += chance * events.length;
      return;
    }
    walk([...events, { bad: true }], chance * share);
    walk([...events, { bad: false }], chance * (1 - share));
  };
  walk([], 1);
  const simulated = expectedSampling(plan, share, most, 40_000);
  assertCloseTo(simulated.expectedN, ends.n, 0.02);
  assertCloseTo(simulated.pass, ends.pass, 0.02);
  assertCloseTo(simulated.fail, ends.fail, 0.05);
  assertCloseTo(simulated.open, ends.inconclusive, 0.05);
});

test('at the boundary false passes and false fails stay under their levels, with a look after every event', () => {
  const { pass, fail } = expectedSampling({ ...PLAN, failAlpha: 0.02 }, 0.05, 2000, 4000);
  assert.ok(pass > 0.02 && pass <= 0.05, `${pass}`);
  assert.ok(fail > 0.001 && fail <= 0.02, `${fail}`);
});

test('plans a P95 and an availability', () => {
  const p95 = planSampling({ ...latencyP95, sampleBudget: 600 }, RATES, CONDITIONS);
  assert.deepEqual([p95.smallestN, p95.mostN, p95.mostSeconds], [65, 600, 60]);
  assert.ok(p95.expectedN > 120 && p95.expectedN < 150);
  assertCloseTo(p95.expectedSeconds, p95.expectedN / 10);
  const clean = planSampling({ ...latencyP95, sampleBudget: 600 }, RATES, {
    ...CONDITIONS,
    expectedBadShare: 0,
  });
  assertCloseTo(clean.expectedN, 65);
  const never = planSampling(modelCallsPerRequest, RATES, CONDITIONS);
  assert.deepEqual([never.smallestN, never.expectedN], [59, 59]);
});

test('99.9 % from 300 requests is refused, with the number needed', () => {
  const ceilings = { requestsPerRun: 300, durationSeconds: 600 };
  assert.throws(
    () => planSampling({ ...availability, sampleBudget: 3400 }, RATES, { ...CONDITIONS, ceilings }),
    { code: 'CEILING_EXCEEDED', message: /requestsPerRun[\s\S]*300[\s\S]*at least 3288/ },
  );
  const slow = { ...CONDITIONS, eventsPerSecond: 0.5 };
  assert.throws(() => planSampling({ ...availability, sampleBudget: 3400 }, RATES, slow), {
    code: 'CEILING_EXCEEDED',
    message: /durationSeconds/,
  });
});

test('a sample budget under the smallest n is refused, naming the place', () => {
  assert.throws(() => planSampling({ ...latencyP95, sampleBudget: 64 }, RATES, CONDITIONS), {
    code: 'BUDGET_INVALID',
    message: /"classify\.latency\.p95" → sampleBudget[\s\S]*Set sampleBudget to 65/,
  });
});
