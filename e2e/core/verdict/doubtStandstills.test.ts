import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import type { Event, EventSeries } from '../record/event.ts';
import { latencyP95, underFault } from '../testing/objectives.ts';
import { harnessOf, recordOf, requestOf } from '../testing/recordOf.ts';
import { seriesOf, spread } from '../testing/seriesOf.ts';
import { doubtFail } from './doubtFail.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';
import { judge } from './judge.ts';
import { judgeRun } from './judgeRun.ts';
import { LostTime } from './lostTime.ts';
import type { Judgement } from './verdict.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 1 };
const FROM_MS = 1_800_000_000_000;
const lost = (...spans: [fromMs: number, durationMs: number][]) =>
  new LostTime(spans.map(([fromMs, durationMs]) => ({ fromMs: FROM_MS + fromMs, durationMs })));
const QUIET: HarnessAllowance = {
  addedMs: 0,
  stolenShare: 0,
  saturated: false,
  floorMs: null,
  lost: lost(),
  unknown: [],
};

function doubted(
  objective: Objective,
  series: EventSeries,
  parts: Partial<HarnessAllowance>,
): Judgement {
  const judgement = judge(objective, series, RATES);
  assert.equal(judgement.verdict, 'fail');
  return doubtFail(judgement, objective, series, RATES, { ...QUIET, ...parts });
}

test('of what may never take longer, a standstill excuses what it accounts for', () => {
  const timeout = underFault('timeout', 10_000);
  // Sent 100 ms apart: the third, at 200 ms, took 400 ms too long.
  const series = seriesOf(timeout, [9000, 9000, 10_400, 9000]);
  assert.equal(doubted(timeout, series, {}).verdict, 'fail');
  assert.equal(doubted(timeout, series, { lost: lost([5000, 450]) }).verdict, 'inconclusive');
  assert.equal(doubted(timeout, series, { lost: lost([5000, 390]) }).verdict, 'fail');
  // It was over by then.
  assert.equal(doubted(timeout, series, { lost: lost([10_700, 2000]) }).verdict, 'fail');
  const two = seriesOf(timeout, [9000, 9000, 10_400, 12_000]);
  assert.equal(doubted(timeout, two, { lost: lost([5000, 450]) }).verdict, 'fail');
});

test('what must be over in time is excused by a standstill meanwhile, and by none elsewhere', () => {
  const answered = underFault('answered');
  const eventAt = (fromMs: number, bad: boolean): Event => ({
    id: `5f3a9c1e-${fromMs}`,
    atMs: FROM_MS + fromMs,
    untilMs: FROM_MS + fromMs + 5000,
    bad,
    value: null,
    requestId: null,
    tenant: null,
  });
  const series = { failed: 1, missing: 0, events: [eventAt(0, false), eventAt(20_000, true)] };
  const at = (fromMs: number, durationMs = 600) =>
    doubted(answered, series, { lost: lost([fromMs, durationMs]) }).verdict;
  assert.deepEqual([at(24_000), at(26_000)], ['inconclusive', 'inconclusive']);
  assert.deepEqual([at(1000), at(19_500), at(28_000), at(24_000, 400)], new Array(4).fill('fail'));
  // Whose data an answer holds is no matter of time.
  const isolation = underFault('isolation');
  assert.equal(doubted(isolation, series, { lost: lost([24_000, 600]) }).verdict, 'fail');
});

test('where nobody saw the end no small delay is an excuse', () => {
  const recovery = underFault('recovery', 3000);
  const { events } = seriesOf(recovery, [100, 3001]);
  const [well, given] = [...events] as [Event, Event];
  const series = { failed: 1, missing: 0, events: [well, { ...given, isAtLeast: true as const }] };
  assert.equal(doubted(recovery, series, { addedMs: 40 }).verdict, 'fail');
  assert.equal(doubted(recovery, series, { lost: lost([1000, 200]) }).verdict, 'fail');
  assert.equal(doubted(recovery, series, { lost: lost([1000, 500]) }).verdict, 'inconclusive');
  const seen = { ...series, events: [well, given] };
  assert.equal(doubted(recovery, seen, { addedMs: 40 }).verdict, 'inconclusive');
});

test('a quantile is held against what is left of each value', () => {
  // Each fifth takes 300 ms too long, one every half second.
  const series = seriesOf(latencyP95, spread(400, 350, 80, 2300));
  const each: [number, number][] = Array.from({ length: 80 }, (_, at) => [at * 500 + 450, 100]);
  assert.equal(doubted(latencyP95, series, { lost: lost(...each) }).verdict, 'inconclusive');
  assert.equal(doubted(latencyP95, series, { lost: lost(...each.slice(0, 5)) }).verdict, 'fail');
});

test('a knee that the harness may have made is none', () => {
  const rate: Objective = {
    ...latencyP95,
    metric: 'rate',
    unit: 'requests/s',
    objective: 100,
    keptBelowMs: 500,
    quantile: null,
  };
  const eventsOf = (value: number) =>
    Array.from({ length: 300 }, (_, at) => ({
      id: `5f3a9c1e-${at}`,
      atMs: FROM_MS + at * 20,
      bad: value >= 500,
      value,
      requestId: null,
      tenant: null,
    }));
  const steps = [{ ratePerSecond: 50, events: eventsOf(700), doubt: null }];
  const series = { ...seriesOf(rate, []), events: eventsOf(700), steps };
  assert.equal(doubted(rate, series, {}).verdict, 'fail');
  assert.equal(doubted(rate, series, { lost: lost([100, 900]) }).verdict, 'fail');
  const often = Array.from({ length: 30 }, (_, at): [number, number] => [at * 230, 100]);
  assert.equal(doubted(rate, series, { lost: lost(...often) }).verdict, 'inconclusive');
  assert.equal(doubted(rate, series, { addedMs: 250 }).verdict, 'inconclusive');
});

test('growth that is no more than the harness was late by is none of the target', () => {
  const growth: Objective = {
    ...underFault('latencyGrowth', 5),
    unit: 'ms/1,000 requests',
    sampleBudget: 20,
  };
  const values = Array.from({ length: 20 }, (_, at) => 80 + at * 4);
  // Twenty windows of 250: 16 ms in each thousand, 80 ms in all.
  const series = { ...seriesOf(growth, values), usesBetween: 0.25 };
  assert.equal(doubted(growth, series, { addedMs: 20 }).verdict, 'fail');
  assert.equal(doubted(growth, series, { addedMs: 90 }).verdict, 'inconclusive');
});

test('the run is judged by the standstills of the workload', () => {
  const objective = { ...underFault('timeout', 10_000), workload: 'baseline', metric: 'stall' };
  const refusal = { ...objective, metric: 'refusal', unit: 'ms' } as Objective;
  const requests = Array.from({ length: 25 }, (_, at) =>
    requestOf(at, {
      operation: 'down',
      fault: 'down',
      status: 502,
      failure: 'status 502',
      checks: { contract: true },
      values: { endedMs: at === 7 ? 10_300 : 9000 },
    }),
  );
  const fromMs = (requests[7]?.sentAtMs ?? 0) + 3000;
  const judged = (durationMs: number, workload = 'baseline') => {
    const standstills = [{ fromMs, durationMs }];
    const harness = [harnessOf({ workload, standstills })];
    return judgeRun(recordOf([refusal], { requests, harness }), { selected: [refusal.id] });
  };
  assert.equal(judged(100).verdict, 'fail');
  assert.equal(judged(400).verdict, 'inconclusive');
  assert.equal(judged(400, 'other').verdict, 'fail');
});
