import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALIBRATED_RUNS } from '../calibration/burstRows.ts';
import type { Objective } from '../core/budget/objective.ts';
import { resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { fewestToEstablish } from '../core/budget/sampleBudget.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import { tallyEvents } from '../core/statistics/eventTally.ts';
import { shareTest } from '../core/statistics/shareTest.ts';
import { testLevels } from '../core/statistics/verdict.ts';
import { declaredMeasurements } from '../declaredMeasurements.ts';
import { LOADS } from '../measurements.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { budgetedTargets, loadBudget } from '../setup/loadBudget.ts';
import { findSuite, reduceSampleBudgets } from './suites.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01 };
const MEASUREMENTS = await declaredMeasurements();

/** Shortest time from one sample to the next, by workload. */
const SECONDS_APART: Record<string, number> = {
  pageAnswers: 0.4,
  desktopVisits: 3,
  phoneVisits: 3,
  desktopRepeatVisits: 3,
  phoneRepeatVisits: 3,
  lighthouse: 5,
  lighthouseFlow: 5,
  // As long as a bad one takes.
  coldStarts: 2,
  tenants: 1 / 36,
  fiveTenants: 1 / 40,
  sustained: 1 / 60,
  peak: 1 / 23,
  soak: 1 / 60,
  earlierRuns: 60,
};

const isLoad = (objective: Objective) => LOADS.some((name) => name === objective.workload);
const isExperience = ({ workload }: Objective) => /Visits$|Flow$/.test(workload ?? '');
/** The project that judges an objective. */
const projectOf = (objective: Objective) => {
  if (isLoad(objective)) return 'load';
  return isExperience(objective) && objective.workload !== 'pageVisits' ? 'experience' : 'perf';
};
/** Does an objective allow a share of its events to be bad? */
const allowsShare = ({ allowedShare, metric }: Objective) =>
  allowedShare > 0 && metric.kind !== 'capacity';

function objectivesOf(target: string): { objectives: Objective[]; maxPerSecond: number } {
  const { budget, file } = loadBudget(target);
  const { objectives } = resolveObjectives(budget, file, SALESTALK_CATALOGUE);
  return { objectives, maxPerSecond: budget.ceilings.requestsPerSecond };
}

/** Events of an objective per second, if nothing waits. */
function eventsPerSecond(
  objective: Objective,
  all: { objectives: Objective[]; maxPerSecond: number },
) {
  const { workload, metric } = objective;
  const planned = MEASUREMENTS.flatMap(({ workloads }) => workloads(all));
  const rate = planned.find(({ endsWhenClear }) => endsWhenClear(objective))?.ratePerSecond;
  if (rate !== undefined) {
    const requestsPerEvent = { latencyBaseline: 3 }[workload ?? ''] ?? metric.requestsPerEvent ?? 1;
    return rate / requestsPerEvent;
  }
  return 1 / (SECONDS_APART[workload ?? 'tenants'] ?? Number.NaN);
}

/** The objectives with the sample budgets of the selfcheck. */
function reduced(objectives: Objective[]): Objective[] {
  return reduceSampleBudgets({ objectives, statistics: RATES } as RunLine).objectives;
}

/** Does an objective fail within its sample budget if all events are bad? `objectivesInRun` share the error rate. */
function failsIfAllBad(objective: Objective, perSecond: number, objectivesInRun: number): boolean {
  const { allowedShare, sampleBudget, metric } = objective;
  const events = Array.from({ length: sampleBudget }, (_, at) => ({
    bad: true,
    atMs: 1e12 + (at * 1000) / perSecond,
  }));
  const test = shareTest({ allowedShare, ...testLevels({ ...RATES, objectivesInRun }) });
  return test(tallyEvents(allowedShare, events, metric)).verdict === 'fail';
}

for (const file of budgetedTargets()) {
  const all = objectivesOf(file);

  test(`${file}: every objective fails within its sample budget if all is bad`, () => {
    const open = all.objectives.filter(allowsShare).filter((objective) => {
      const together = all.objectives.filter((o) => projectOf(o) === projectOf(objective)).length;
      return !failsIfAllBad(objective, eventsPerSecond(objective, all), together);
    });
    assert.deepEqual(
      open.map(({ id }) => id),
      [],
    );
  });

  test(`${file}: every objective fails within the reduced sample budgets of the selfcheck if all is bad`, () => {
    const objectives = reduced(all.objectives);
    const open = objectives.filter(allowsShare).filter((objective) => {
      const suite = findSuite(objective);
      if (suite === null) return false;
      const together = objectives.filter((o) => findSuite(o) === suite).length;
      // The suite sends the baseline at a higher rate.
      const perSecond = suite === 'baseline' ? 25 / 3 : eventsPerSecond(objective, all);
      return !failsIfAllBad(objective, perSecond, together);
    });
    assert.deepEqual(
      open.map(({ id }) => id),
      [],
    );
  });

  test(`${file}: every objective can pass within the reduced sample budgets of the selfcheck, and so can a P99`, () => {
    const p99s = all.objectives
      .filter(({ quantile }) => quantile === 0.95)
      .map((o) => ({ ...o, id: `${o.id} as P99`, allowedShare: 0.01, sampleBudget: 600 }));
    const short = reduced([...all.objectives, ...p99s])
      .filter(allowsShare)
      .filter((o) => o.sampleBudget < fewestToEstablish(o, RATES.falsePass));
    assert.deepEqual(
      short.map(({ id }) => id),
      [],
    );
  });
}

test('The selfcheck judges no regression, since a baseline has another model and another rate', () => {
  const isRegression = ({ metric }: Objective) => metric.kind === 'regression';
  const { objectives } = objectivesOf('local');
  assert.ok(objectives.some(isRegression));
  assert.ok(!reduced(objectives).some(isRegression));
});

const describeKind = (o: Pick<Objective, 'allowedShare' | 'sampleBudget'>) =>
  `${o.allowedShare.toFixed(3)} of ${o.sampleBudget}`;

test('The calibration still resembles the committed budget', () => {
  const all = objectivesOf('local');
  const remedy =
    'The calibration simulates another budget: update CALIBRATED_RUNS in e2e/calibration/burstRows.ts, then `npm run calibrate -- --write`.';
  for (const { name, judged, kinds } of CALIBRATED_RUNS) {
    const mine = all.objectives.filter((objective) => projectOf(objective) === name);
    const sizes = `${name} judges ${mine.length} objectives, the calibration ${judged}`;
    assert.ok(mine.length <= 2 * judged && judged <= 2 * mine.length, `${sizes}. ${remedy}`);
    const simulated = kinds.map(describeKind);
    const withShare = mine.filter(allowsShare);
    const others = withShare.filter((objective) => !simulated.includes(describeKind(objective)));
    const unlike = `${others.length} of ${withShare.length} objectives of ${name} have a share and sample budget that it does not simulate`;
    assert.ok(others.length <= withShare.length / 2, `${unlike}. ${remedy}`);
  }
});
