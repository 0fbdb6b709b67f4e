import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedSampling } from '../statistics/expectedSampling.ts';
import { verdictOfCounts } from '../statistics/shareTest.ts';
import { smallestToPass } from '../statistics/smallestToPass.ts';
import { assertCloseTo } from '../testing/closeTo.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { planSampling } from './planSampling.ts';

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
    assert.equal(verdictOfCounts(plan)(0, n), 'pass');
    assert.equal(verdictOfCounts(plan)(0, n - 1), 'inconclusive');
  }
});

test('expected sampling agrees with a walk over every sequence', () => {
  const plan = { allowedShare: 0.5, passAlpha: 0.2, failAlpha: 0.2 };
  const [share, most] = [0.4, 12];
  const verdict = verdictOfCounts(plan);
  const walk = (
    bad: number,
    n: number,
    chance: number,
  ): Record<'pass' | 'fail' | 'open' | 'n', number> => {
    const now = n === 0 ? 'inconclusive' : verdict(bad, n);
    if (now !== 'inconclusive') return { pass: 0, fail: 0, open: 0, n: n * chance, [now]: chance };
    if (n === most) return { pass: 0, fail: 0, open: chance, n: n * chance };
    const [worse, better] = [
      walk(bad + 1, n + 1, chance * share),
      walk(bad, n + 1, chance * (1 - share)),
    ];
    return {
      pass: worse.pass + better.pass,
      fail: worse.fail + better.fail,
      open: worse.open + better.open,
      n: worse.n + better.n,
    };
  };
  const [walked, calculated] = [walk(0, 0, 1), expectedSampling(plan, share, most)];
  assertCloseTo(calculated.expectedN, walked.n);
  assertCloseTo(calculated.pass, walked.pass);
  assertCloseTo(calculated.fail, walked.fail);
  assertCloseTo(calculated.open, walked.open);
});

test('at the boundary false passes and false fails stay under their levels, with a look after every event', () => {
  const { pass, fail } = expectedSampling(PLAN, 0.05, 5000);
  assert.ok(pass > 0.04 && pass <= 0.05, `${pass}`);
  assert.ok(fail > 0.0001 && fail <= 0.0004, `${fail}`);
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
