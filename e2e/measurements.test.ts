import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from './core/budget/objective.ts';
import { resolveObjectives } from './core/budget/resolveObjectives.ts';
import { emptyRecord } from './core/record/runRecord.ts';
import { runOf } from './core/testing/recordOf.ts';
import { declaredMeasurements } from './declaredMeasurements.ts';
import {
  firstVisits,
  loadOfBudget,
  type Measurement,
  measuredBy,
  outage,
  pageResources,
  requests,
} from './measurements.ts';
import { SALESTALK_CATALOGUE } from './salestalk/operations.ts';
import { budgetedTargets, loadBudget } from './setup/loadBudget.ts';
import type { MeasuringContext } from './workloads/page/measureMisbehaving.ts';

const objectivesOf = (target: string): Objective[] => {
  const { budget, file } = loadBudget(target);
  return resolveObjectives(budget, file, SALESTALK_CATALOGUE).objectives;
};
const LOCAL = objectivesOf('local');
const MODEL = { latency: { distribution: 'constant', ms: 5 } } as const;
const BASELINE = requests({
  workload: 'latencyBaseline',
  operations: ['classify'],
  ratePerSecond: 6,
  warmUpEach: 3,
  model: MODEL,
});
const OUTAGE = outage({
  operation: 'classify',
  ratePerSecond: 40,
  model: MODEL,
  refusesConnections: { afterMs: 1_500, forMs: 1_500 },
});

function whyNotServed(measurement: Measurement, id: string): string | null {
  const record = { read: () => emptyRecord(runOf(LOCAL)) } as MeasuringContext['record'];
  const objective = LOCAL.find((one) => one.id === id) ?? assert.fail(id);
  return measuredBy(measurement, { record } as MeasuringContext).whyNotServed(objective);
}

for (const target of budgetedTargets()) {
  test(`every objective of ${target} is served by what a spec measures`, async () => {
    const measurements = await declaredMeasurements();
    const unserved = objectivesOf(target).filter((objective) =>
      measurements.every(({ serves }) => !serves(objective)),
    );
    assert.deepEqual(
      unserved.map(({ id }) => id),
      [],
    );
  });
}

test('a measurement serves its own objectives, and names what serves another', () => {
  assert.equal(whyNotServed(BASELINE, 'classify.latency.p95'), null);
  assert.equal(whyNotServed(OUTAGE, 'outage.recovery'), null);
  for (const [measurement, id, maker] of [
    [OUTAGE, 'classify.latency.p95', 'requests() of "latencyBaseline" with "classify"'],
    // The workload is the right one, and this operation is not among its requests.
    [BASELINE, 'chat.latency.p95', 'requests() of "latencyBaseline" with "chat"'],
    [BASELINE, 'outage.recovery', 'outage()'],
    [BASELINE, 'api.availability', 'requestsOfWholeRun()'],
    [BASELINE, 'tenants.isolation', 'requestsOfTenants()'],
    [BASELINE, 'quietTenants.fairness.p95', 'requestsOfTenants() of "tenants"'],
    [BASELINE, 'hungModel.timeout', 'misbehavingModel() of "hungModel"'],
    [BASELINE, 'failures.secrecy', 'misbehavingModel()'],
    [loadOfBudget('peak'), 'sustained.latency.p95', 'loadOfBudget() of "sustained"'],
    [pageResources('pageVisits'), 'page.heap.growth', 'pageResources() of "pageHeap"'],
    [firstVisits('phone'), 'desktop.lcp.p75', 'firstVisits() of "desktopVisits"'],
    [firstVisits('phone'), 'phoneRepeat.lcp.p75', 'repeatVisits() of "phoneRepeatVisits"'],
    [OUTAGE, 'answer.latency.p95', 'pageAnswers()'],
  ] as const) {
    assert.equal(
      whyNotServed(measurement, id),
      `This measurement does not serve it. ${maker} does.`,
      id,
    );
  }
});
