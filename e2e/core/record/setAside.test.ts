import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import { availability, latencyP95, underFault } from '../testing/objectives.ts';
import {
  harnessOf,
  iterationOf,
  modelCallOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
  stallOf,
} from '../testing/recordOf.ts';
import { judgeRun } from '../verdict/judgeRun.ts';
import type { RequestLine } from './measurementLine.ts';
import type { DisturbanceLine } from './recordLine.ts';
import type { RunRecord } from './runRecord.ts';
import { type EventSpan, StallTimes, setAsideRule } from './setAside.ts';

const stallAt = (fromMs: number, durationMs: number) =>
  stallOf({ fromMs: STARTED_AT_MS + fromMs, durationMs });

/** Is an event from `fromMs` to `untilMs` set aside? */
function isSetAside(
  objective: Objective,
  stalls: DisturbanceLine[],
  [fromMs, untilMs]: [number, number],
  parts: Partial<EventSpan> = {},
): boolean {
  const rule = setAsideRule(objective, { disturbances: stalls });
  const span = {
    fromMs: STARTED_AT_MS + fromMs,
    lateMs: 0,
    untilMs: STARTED_AT_MS + untilMs,
    value: null,
    isTimedByHarness: true,
    ...parts,
  };
  return rule?.(span) ?? false;
}

test('a stall at the intended start or at the end sets an event aside, one elsewhere does not', () => {
  const at = (fromMs: number, durationMs: number) =>
    isSetAside(latencyP95, [stallAt(fromMs, durationMs)], [1000, 1900]);
  assert.deepEqual([at(850, 210), at(1750, 210), at(800, 1500)], [true, true, true]);
  // Shorter than a tenth of the limit, it cannot have changed much.
  assert.deepEqual([at(950, 60), at(1850, 190)], [false, false]);
  // In the middle, before, and after.
  assert.deepEqual([at(1300, 60), at(500, 400), at(2000, 400)], [false, false, false]);
});

test('a stall in the middle of an event matters from a quarter of the limit on, until the limit is passed', () => {
  const at = (fromMs: number, durationMs: number, untilMs: number) =>
    isSetAside(latencyP95, [stallAt(fromMs, durationMs)], [1000, untilMs], {
      value: untilMs - 1000,
    });
  assert.deepEqual([at(1300, 490, 1900), at(1300, 510, 1900)], [false, true]);
  // The 2000 ms were over at 3000: it was slow before the harness stalled.
  assert.deepEqual([at(2400, 510, 9000), at(2600, 2000, 9000)], [true, false]);
  // Without a limit in time, a quarter of the event.
  const answered = underFault('answered', 0, { workload: 'baseline' });
  const inLong = (durationMs: number) =>
    isSetAside(answered, [stallAt(4000, durationMs)], [1000, 9000]);
  assert.deepEqual([inLong(1990), inLong(2010)], [false, true]);
});

test('a late send sets an event aside, and so does a late AI mock, except for own time', () => {
  const late = (lateMs: number) => isSetAside(latencyP95, [], [1000, 1900], { lateMs });
  assert.deepEqual([late(190), late(210)], [false, true]);
  const ownTime: Objective = { ...latencyP95, metric: METRICS.ownTime, objective: 25 };
  const modelLate = (objective: Objective, modelLateMs: number) =>
    isSetAside(objective, [], [1000, 1900], { modelLateMs });
  assert.deepEqual([modelLate(latencyP95, 190), modelLate(latencyP95, 210)], [false, true]);
  assert.equal(modelLate(ownTime, 5000), false);
});

test('a stall at the start or the end does not disturb what a browser times', () => {
  const page = { isTimedByHarness: false };
  const lcp: Objective = { ...latencyP95, metric: METRICS.lcp, objective: 2500 };
  assert.equal(isSetAside(lcp, [stallAt(980, 100)], [1000, 1900], page), false);
  assert.equal(isSetAside(lcp, [stallAt(1100, 700)], [1000, 1900], page), true);
});

test('a stall counts for the objectives of its workload, and for those over all workloads', () => {
  const stall = [stallAt(850, 250)];
  const of = (workload: string | null) =>
    isSetAside({ ...latencyP95, workload }, stall, [1000, 1900]);
  assert.deepEqual([of('baseline'), of('other'), of(null)], [true, false, true]);
});

test('an objective on the content of answers does not depend on time, and sets nothing aside', () => {
  const everything = [stallAt(0, 100_000)];
  const untouched = (Object.keys(METRICS) as MetricName[]).filter(
    (metric) => !isSetAside(underFault(metric, 1, { workload: null }), everything, [10, 20]),
  );
  for (const metric of ['isolation', 'contract', 'secrecy', 'soundness', 'modelCalls', 'growth'])
    assert.ok(untouched.includes(metric as MetricName), metric);
  for (const metric of ['latency', 'availability', 'released', 'workStops', 'refusal', 'rate'])
    assert.ok(!untouched.includes(metric as MetricName), metric);
});

/** Requests at 10/s of random length; `isBad` decides which of them fail. */
function recordWith(stalls: DisturbanceLine[], isBad: (at: number) => boolean): RunRecord {
  const draw = seededDraw(7);
  const requests = Array.from({ length: 400 }, (_, at): RequestLine => {
    const endedMs = 100 + 3000 * draw();
    const failure = isBad(at) ? 'status 500' : null;
    return requestOf(at, { failure, values: { endedMs } });
  });
  return recordOf([availability], { requests, disturbances: stalls });
}

test('of events that take equally long the same are set aside, whichever are bad', () => {
  const draw = seededDraw(11);
  const stalls = Array.from({ length: 12 }, () => stallAt(40_000 * draw(), 50 + 400 * draw()));
  const kept = (isBad: (at: number) => boolean) =>
    deriveEvents(availability, recordWith(stalls, isBad)).events.map(({ id }) => id);
  const allGood = kept(() => false);
  assert.ok(allGood.length < 400 && allGood.length > 200, `${allGood.length}`);
  for (let trial = 0; trial < 20; trial++)
    assert.deepEqual(
      kept(() => draw() < 0.5),
      allGood,
    );
  assert.deepEqual(
    kept(() => true),
    allGood,
  );
});

test('the events set aside are counted and shown, and more than a tenth of them leaves no verdict', () => {
  const objective = { ...latencyP95, workload: 'baseline', sampleBudget: 200 };
  const judged = (latencyMs: number, stalls: DisturbanceLine[]) => {
    const requests = Array.from({ length: 200 }, (_, at) =>
      requestOf(at, { values: { latencyMs, endedMs: latencyMs } }),
    );
    const record = recordOf([objective], {
      requests,
      disturbances: stalls,
      harness: [harnessOf()],
    });
    const [judgement] = judgeRun(record, deriveEvents, { selected: [objective.id] }).judgements;
    assert.ok(judgement !== undefined);
    return judgement;
  };
  const stolen = judged(350, [{ ...stallAt(5000, 300), cause: 'stolenCpu' }]);
  assert.match(stolen.reason, /set aside: other machines took most of the CPU for 0\.3 s$/);
  const short = stallAt(5000, 300);
  const long = stallAt(5000, 3000);
  const pass = judged(350, [short]);
  assert.deepEqual([pass.verdict, pass.n + pass.setAside], ['pass', 200]);
  assert.ok(pass.setAside > 0 && pass.setAside < 20, `${pass.setAside}`);
  assert.match(pass.reason, /; \d+ set aside: the harness stalled for 0\.3 s$/);
  assert.equal(judged(2500, [short]).verdict, 'fail');
  for (const latencyMs of [350, 2500]) {
    const { verdict, reason } = judged(latencyMs, [long]);
    assert.equal(verdict, 'inconclusive');
    assert.match(reason, /more than 10 % of the events are set aside .*stalled for 3\.0 s/);
  }
});

test('an answer whose pieces were shown together while other machines took the CPU is set aside', () => {
  const objective = underFault('streaming', 0.9, {
    fault: null,
    operation: 'answer',
    workload: 'pageAnswers',
  });
  const samples = Array.from({ length: 60 }, (_, at) =>
    iterationOf(at, {
      workload: 'pageAnswers',
      sentAtMs: STARTED_AT_MS + 500 * at,
      values: { latencyMs: 250 },
      checks: { streaming: at < 40 || at >= 44 },
    }),
  );
  const derived = (disturbances: DisturbanceLine[]) => {
    const { events, setAside } = deriveEvents(
      objective,
      recordOf([objective], { samples, disturbances }),
    );
    return [[...events].filter(({ bad }) => bad).length, setAside?.n ?? 0];
  };
  assert.deepEqual(derived([]), [4, 0]);
  const stalls = (fromMs: number, durationMs: number) => [
    { ...stallAt(fromMs, durationMs), workload: 'pageAnswers', cause: 'stolenCpu' } as const,
  ];
  assert.deepEqual(derived(stalls(20_000, 1_700)), [0, 4]);
  // A fifth of the answer: some pieces were shown before and after it.
  assert.deepEqual(derived(stalls(20_100, 50)), [4, 0]);
});

test('an AI mock that was late sets aside the requests that it answered late', () => {
  const requests = Array.from({ length: 100 }, (_, at) => requestOf(at));
  const modelCalls = requests.map(({ index }) =>
    modelCallOf(index, { lateMs: index < 5 ? 400 : 1 }),
  );
  const { events, setAside } = deriveEvents(
    latencyP95,
    recordOf([latencyP95], { requests, modelCalls }),
  );
  assert.deepEqual([events.length, setAside?.n], [95, 5]);
});

const at = (fromMs: number, durationMs: number) => ({ fromMs, durationMs });

test('only the part of a stall between two moments counts', () => {
  const stalls = new StallTimes([at(100, 50), at(300, 10)]);
  assert.equal(stalls.between(0, 1000), 60);
  assert.equal(stalls.between(120, 305), 35);
  assert.equal(stalls.between(150, 300), 0);
  assert.equal(stalls.between(400, 500), 0);
  assert.equal(new StallTimes([]).between(0, 1000), 0);
});

test('a stall that several workloads record counts once, in any order', () => {
  const stalls = new StallTimes([
    at(300, 100),
    at(100, 50),
    at(110, 20),
    at(120, 60),
    at(300, 100),
  ]);
  assert.equal(stalls.between(0, 1000), 180);
});

test('the stalled time is the sum over every millisecond', () => {
  const spans = Array.from({ length: 40 }, (_, i) =>
    at(((i * 7919) % 997) + 1, (i * 31) % 40 || 5),
  );
  const stalls = new StallTimes(spans);
  const isLost = (ms: number) => spans.some((s) => ms >= s.fromMs && ms < s.fromMs + s.durationMs);
  for (let from = 0; from < 1000; from += 37) {
    for (let until = from; until < 1100; until += 53) {
      let sum = 0;
      for (let ms = from; ms < until; ms++) if (isLost(ms)) sum++;
      assert.equal(stalls.between(from, until), sum, `${from} to ${until}`);
    }
  }
});
