import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { deriveEvents } from '../record/deriveEvents.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import { underFault } from '../testing/objectives.ts';
import { recordOf } from '../testing/recordOf.ts';
import { RETRY_POLICIES, retriesOf } from '../testing/retriesOf.ts';
import { judge } from './judge.ts';

/** As in a run of 40 objectives. */
const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 40 };
const GROWTH = underFault('gapGrowth', 1.4, { sampleBudget: 60 });
const JITTER = underFault('jitter', 5, { sampleBudget: 60 });
const RUNS = 200;

type PolicyName = keyof typeof RETRY_POLICIES;
type Counts = Record<VerdictName, number>;

/** Verdicts of many seeded runs, in each of which so many requests retry by this policy. */
function simulate(
  objective: Objective,
  name: PolicyName,
  { noiseMs, requests, runs = RUNS }: { noiseMs: number; requests: number; runs?: number },
): Counts {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 1; run <= runs; run++) {
    const draw = seededDraw(run);
    const all = Array.from({ length: requests }, (_, index) =>
      retriesOf(index, RETRY_POLICIES[name], { draw, noiseMs }),
    );
    const record = recordOf([objective], {
      requests: all.map(({ request }) => request),
      modelCalls: all.flatMap(({ calls }) => calls),
    });
    counts[judge(objective, deriveEvents(objective, record), RATES).verdict] += 1;
  }
  return counts;
}

const ALL: Record<VerdictName, Counts> = {
  pass: { pass: RUNS, fail: 0, inconclusive: 0 },
  fail: { pass: 0, fail: RUNS, inconclusive: 0 },
  inconclusive: { pass: 0, fail: 0, inconclusive: RUNS },
};

test('growth P50 > 1.4 × errs in none of 200 runs of 60 requests, also with timers up to 20 ms late', () => {
  for (const noiseMs of [3, 20]) {
    const verdicts = (name: PolicyName) => simulate(GROWTH, name, { noiseMs, requests: 60 });
    assert.deepEqual(verdicts('planned'), ALL.pass);
    assert.deepEqual(verdicts('noJitter'), ALL.pass);
    assert.deepEqual(verdicts('constantGap'), ALL.fail);
    assert.deepEqual(verdicts('noPause'), ALL.fail);
  }
});

test('waits that grow by as much each time pass 1.4 ×; 1.6 × refuses them, and no planned ones', () => {
  const strict = { ...GROWTH, objective: 1.6 };
  const given = { noiseMs: 3, requests: 60 };
  assert.deepEqual(simulate(GROWTH, 'linear', given), ALL.pass);
  assert.deepEqual(simulate(strict, 'linear', given), ALL.fail);
  assert.deepEqual(simulate(strict, 'planned', given), ALL.pass);
  assert.deepEqual(simulate(strict, 'planned', { ...given, noiseMs: 20 }), ALL.pass);
});

test('jitter P50 > 5 % of 120 requests: none judged wrongly, and few left open by chance', (t) => {
  for (const noiseMs of [3, 20]) {
    const verdicts = (name: PolicyName) => simulate(JITTER, name, { noiseMs, requests: 120 });
    const [planned, constantGap] = [verdicts('planned'), verdicts('constantGap')];
    t.diagnostic(`timers up to ${noiseMs} ms late: ${JSON.stringify({ planned, constantGap })}`);
    for (const { pass, fail } of [planned, constantGap]) {
      assert.equal(fail, 0);
      // 1 run in 400: two pairs in a row that are alike by chance look like a burst.
      assert.ok(pass >= RUNS - 3, `${pass}`);
    }
    assert.deepEqual(verdicts('noJitter'), ALL.fail);
    assert.deepEqual(verdicts('noPause'), ALL.fail);
  }
});

test('timers up to 35 ms late hide that there is no jitter, 50 ms late make it pass', () => {
  const late = (noiseMs: number) =>
    simulate(JITTER, 'noJitter', { noiseMs, requests: 120, runs: 100 });
  assert.equal(late(35).pass, 0);
  assert.ok(late(35).inconclusive > 80);
  assert.ok(late(50).pass > 5);
});

test('too few requests never fail: misses in a row are of one mishap, up to 25 of them', () => {
  assert.deepEqual(simulate(GROWTH, 'constantGap', { noiseMs: 3, requests: 25 }), ALL.inconclusive);
  assert.deepEqual(simulate(GROWTH, 'constantGap', { noiseMs: 3, requests: 26 }), ALL.fail);
  assert.deepEqual(simulate(JITTER, 'noJitter', { noiseMs: 3, requests: 51 }), ALL.inconclusive);
  assert.deepEqual(simulate(JITTER, 'noJitter', { noiseMs: 3, requests: 52 }), ALL.fail);
});
