import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Event } from '../record/event.ts';
import { loadLineOf, processLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95, underFault } from '../testing/objectives.ts';
import { harnessOf, noopOf, recordOf, requestOf } from '../testing/recordOf.ts';
import { repeat, seriesOf, spread } from '../testing/seriesOf.ts';
import {
  downgradeFailIfHarnessInterfered,
  type HarnessAllowance,
  harnessAllowance,
} from './harnessInterference.ts';
import { judge } from './judge.ts';
import { judgeRun } from './judgeRun.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };
const QUIET: HarnessAllowance = { addedMs: 0, saturated: false, floorMs: 1 };
const verdictOf = (
  objective: Objective,
  values: number[],
  allowance: Partial<HarnessAllowance>,
) => {
  const series = seriesOf(objective, values);
  const judgement = judge(objective, series, RATES);
  return downgradeFailIfHarnessInterfered(judgement, objective, series, RATES, {
    ...QUIET,
    ...allowance,
  });
};

test('a fail that delays of the harness explain becomes inconclusive, with the reason', () => {
  const values = spread(200, 350, 60, 2030);
  assert.equal(verdictOf(latencyP95, values, {}).verdict, 'fail');
  const doubtful = verdictOf(latencyP95, values, { addedMs: 40 });
  assert.equal(doubtful.verdict, 'inconclusive');
  assert.match(
    doubtful.reason,
    /but with the limit raised by the 40\.0 ms .* at P99, it is not missed/,
  );
});

test('a fail beyond what the harness can explain stays a fail', () => {
  assert.equal(verdictOf(latencyP95, spread(200, 350, 60, 2850), { addedMs: 40 }).verdict, 'fail');
});

test('a single value that exceeds the limit by less than the delays does not fail', () => {
  const timeout = underFault('timeout', 10_000);
  const values = [9000, 9000, 10_030];
  assert.equal(verdictOf(timeout, values, { addedMs: 20 }).verdict, 'fail');
  assert.equal(verdictOf(timeout, values, { addedMs: 40 }).verdict, 'inconclusive');
  assert.equal(verdictOf(timeout, [...values, 10_050], { addedMs: 40 }).verdict, 'fail');
});

test('a value whose end was not observed still fails when the limit is raised', () => {
  const recovery = underFault('recovery', 3000);
  const series = seriesOf(recovery, [100, 3001]);
  const judged = (events: Event[]) => {
    const all = { ...series, events };
    const judgement = judge(recovery, all, RATES);
    return downgradeFailIfHarnessInterfered(judgement, recovery, all, RATES, {
      ...QUIET,
      addedMs: 40,
    }).verdict;
  };
  const [well, seen] = [...series.events] as [Event, Event];
  assert.equal(judged([well, seen]), 'inconclusive');
  assert.equal(judged([well, { ...seen, isAtLeast: true }]), 'fail');
});

test('a knee that disappears with the raised limit is inconclusive', () => {
  const rate: Objective = {
    ...latencyP95,
    metric: METRICS.rate,
    unit: 'requests/s',
    objective: 100,
    keptBelowMs: 500,
    quantile: null,
  };
  const slow = seriesOf(rate, repeat([300, 700]));
  const steps = [{ ratePerSecond: 10, events: slow.events, interference: null }];
  const series = { ...slow, steps };
  const judgement = judge(rate, series, RATES);
  const verdict = (addedMs: number) =>
    downgradeFailIfHarnessInterfered(judgement, rate, series, RATES, { ...QUIET, addedMs }).verdict;
  assert.deepEqual([verdict(0), verdict(150), verdict(250)], ['fail', 'fail', 'inconclusive']);
});

test('growth that is not greater than the delays of the harness is inconclusive', () => {
  const growth: Objective = {
    ...underFault('latencyGrowth', 5),
    unit: 'ms/1,000 requests',
    sampleBudget: 20,
  };
  const values = Array.from({ length: 20 }, (_, at) => 80 + at * 4);
  // Twenty windows of 250: 16 ms in each thousand, 80 ms in all.
  const series = { ...seriesOf(growth, values), iterationsBetween: 0.25 };
  const judgement = judge(growth, series, RATES);
  const verdict = (addedMs: number) =>
    downgradeFailIfHarnessInterfered(judgement, growth, series, RATES, { ...QUIET, addedMs })
      .verdict;
  assert.deepEqual([verdict(20), verdict(90)], ['fail', 'inconclusive']);
});

test('a saturated harness, or an objective below the floor, makes a fail inconclusive', () => {
  const values = repeat([100, 2850]);
  assert.match(verdictOf(latencyP95, values, { saturated: true }).reason, /no CPU to spare/);
  assert.match(
    verdictOf(latencyP95, values, { floorMs: 2000 }).reason,
    /nothing shorter can be measured/,
  );
});

test('a pass, a fail that delays cannot cause, and a lack of data do not change', () => {
  const worst = { addedMs: 1e6, saturated: true, floorMs: 1e6 };
  assert.equal(verdictOf(latencyP95, repeat([100, 350]), worst).verdict, 'pass');
  assert.equal(verdictOf(underFault('isolation'), spread(340, 0, 10, 1), worst).verdict, 'fail');
  assert.equal(verdictOf(latencyP95, [], worst).verdict, 'fail');
});

test('the allowance takes the worst line of the workload; what was not recorded adds nothing', () => {
  const lines = [
    harnessOf({ lateP99Ms: 3, eventLoopDelayP99Ms: null, modelLateP99Ms: 5, stolenShare: 0.02 }),
    harnessOf({ lateP99Ms: 8, eventLoopDelayP99Ms: null, modelLateP99Ms: 2, stolenShare: 0.01 }),
    harnessOf({ workload: 'other', lateP99Ms: 900 }),
  ];
  const objective = { ...latencyP95, workload: 'baseline' };
  const record = { harness: lines, noops: [noopOf(1), noopOf(2), noopOf(9)] };
  const allowance = harnessAllowance(objective, record);
  assert.deepEqual(allowance, { addedMs: 13, saturated: false, floorMs: 2 });
  assert.equal(harnessAllowance({ ...objective, metric: METRICS.ownTime }, record).addedMs, 8);
  const nothing = harnessAllowance(objective, { harness: [], noops: [] });
  assert.deepEqual(nothing, { addedMs: 0, saturated: false, floorMs: null });
});

test('the run is judged by the same rule', () => {
  const requests = spread(200, 350, 60, 2030).map((latencyMs, index) =>
    requestOf(index, { values: { latencyMs } }),
  );
  const verdict = (lateP99Ms: number) => {
    const record = recordOf([latencyP95], { requests, harness: [harnessOf({ lateP99Ms })] });
    return judgeRun(record, deriveEvents, { selected: [latencyP95.id] }).verdict;
  };
  assert.deepEqual([verdict(2), verdict(40)], ['fail', 'inconclusive']);
});

const OBJECTIVE = { ...latencyP95, workload: 'sustained', spans: true };
const ISOLATION = {
  ...OBJECTIVE,
  id: 'sustained.isolation',
  metric: METRICS.isolation,
  unit: 'share',
  objective: 0,
  quantile: null,
  allowedShare: 0,
  sampleBudget: 100,
} as const;

/** The judgements of a load of 200 requests with the same service time and lateness. */
function judged(
  { serviceMs = 350, lateMs = 1, isolated = true },
  processes = [processLineOf({ workload: 'sustained', process: 'harness', cpuShare: 0.2 })],
) {
  const requests = Array.from({ length: 200 }, () => ({ serviceMs, lateMs, isolated }));
  const loads = [tableOf(loadLineOf(requests, { workload: 'sustained' }))];
  const objectives = [OBJECTIVE, ISOLATION];
  const { judgements } = judgeRun(recordOf(objectives, { loads, processes }), deriveEvents, {
    selected: objectives.map(({ id }) => id),
  });
  return judgements;
}

const verdicts = (judgements: ReturnType<typeof judged>) =>
  judgements.map(({ verdict }) => verdict);

test('a load that was offered as scheduled is judged', () => {
  assert.deepEqual(verdicts(judged({})), ['pass', 'pass']);
  assert.deepEqual(verdicts(judged({ serviceMs: 2850 })), ['fail', 'pass']);
});

test('late sends make both a pass and a fail inconclusive, with how late they were', () => {
  for (const serviceMs of [350, 2850]) {
    const [latency] = judged({ serviceMs, lateMs: 250 });
    assert.equal(latency?.verdict, 'inconclusive');
    assert.match(
      latency?.reason ?? '',
      /sends were late by 250\.0 ms at P99, 200 ms are tolerated/,
    );
  }
});

test('a saturated harness or AI mock makes the verdict inconclusive, a saturated target does not', () => {
  for (const [process, verdict] of [
    ['harness', 'inconclusive'],
    ['model', 'inconclusive'],
    ['target', 'fail'],
  ] as const) {
    const line = processLineOf({ workload: 'sustained', process, cpuShare: 0.95 });
    assert.equal(judged({ serviceMs: 2850 }, [line])[0]?.verdict, verdict, process);
  }
});

test('late sends do not excuse data of another tenant', () => {
  const [, isolation] = judged({ lateMs: 5000, isolated: false });
  assert.equal(isolation?.verdict, 'fail');
});
