import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { describeObjective } from '../core/budget/objective.ts';
import { median } from '../core/statistics/quantile.ts';
import { smallestToPass } from '../core/statistics/sampleSize.ts';
import { availability, latencyP95, latencyRegression } from '../core/testing/objectives.ts';
import { recordOf, requestOf, STARTED_AT_MS, stallOf } from '../core/testing/recordOf.ts';
import { formatEstimate } from '../core/verdict/format.ts';
import { judge } from '../core/verdict/judge.ts';
import { deriveEvents } from './deriveEvents.ts';
import { figuresOf } from './figures.ts';
import { METRICS } from './metrics.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 66 };
const valuesOf = (objective: Objective, record: ReturnType<typeof recordOf>) =>
  deriveEvents(objective, record).events.map(({ value }) => value ?? Number.NaN);

test('a regression judges the figure that the history keeps, with the same events set aside', () => {
  const requests = [300, 320, 340, 2500, 900].map((latencyMs, at) =>
    requestOf(at, { values: { latencyMs, endedMs: latencyMs } }),
  );
  const stall = stallOf({ fromMs: STARTED_AT_MS + 2700, durationMs: 300 });
  const record = recordOf([latencyP95, latencyRegression], { requests, disturbances: [stall] });
  const [figure, ...others] = figuresOf(record);
  assert.deepEqual(others, []);
  assert.ok(figure !== undefined && figure.n < requests.length);
  const values = valuesOf(latencyRegression, record);
  assert.equal(values.length, figure.n);
  assert.equal(median(values), figure.median);
  const { events, setAside } = deriveEvents(latencyRegression, record);
  assert.deepEqual(setAside, deriveEvents(latencyP95, record).setAside);
  assert.ok([...events].every(({ bad }) => !bad));
});

test('without the compared objective there is nothing to judge', () => {
  assert.deepEqual(
    valuesOf(latencyRegression, recordOf([latencyRegression], { requests: [requestOf(0)] })),
    [],
  );
});

const flakeRate = (executions: number, flakes: number): Objective => ({
  ...availability,
  ...{ id: 'suite.flakeRate', operation: 'suite', workload: 'earlierRuns', spans: false },
  ...{ metric: METRICS.flakeRate, objective: 0.01, allowedShare: 0.01, sampleBudget: 328 },
  earlierTests: { executions, flakes },
});

test('executions of earlier runs are events, and as many of them flaked', () => {
  const judgeRuns = (executions: number, flakes: number) => {
    const objective = flakeRate(executions, flakes);
    return judge(objective, deriveEvents(objective, recordOf([objective])), RATES);
  };
  const steady = judgeRuns(500, 0);
  assert.deepEqual([steady.verdict, steady.n, steady.bad], ['pass', 500, 0]);
  const flaky = judgeRuns(500, 40);
  assert.deepEqual([flaky.verdict, flaky.n, flaky.bad], ['fail', 500, 40]);
  assert.match(flaky.reason, /^40 of 500 flaked.*: at least .*, 1 % is allowed$/);
  assert.match(formatEstimate(flakeRate(500, 40), flaky), /^8\.0 % \[/);
  const needed = smallestToPass({ allowedShare: 0.01, passAlpha: 0.05 });
  const few = judgeRuns(84, 0);
  assert.equal(few.verdict, 'inconclusive');
  assert.ok(
    few.reason.endsWith(
      `; needs ${needed} executions of tests that ran at least twice at one commit, has 84`,
    ),
    few.reason,
  );
  assert.equal(describeObjective(flakeRate(1, 0)), 'suite flake rate < 1 %');
});
