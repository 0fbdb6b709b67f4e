import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import { failedAt, leftAt } from '../../metrics/testing/readingOf.ts';
import type { Objective } from '../budget/objective.ts';
import type { LoadLine } from '../record/loadLine.ts';
import type {
  MeasuredValues,
  MeasurementKind,
  MeasurementLine,
  RequestLine,
} from '../record/measurementLine.ts';
import type { ModelCallLine } from '../record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../record/runRecord.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import {
  failedWith,
  type LoadRequestAt,
  NEVER_SENT,
  stepLineOf,
  tableOf,
} from '../testing/loadOf.ts';
import { underFault } from '../testing/objectives.ts';
import {
  auditOf,
  iterationOf,
  memoryOf,
  modelCallOf,
  noopOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
  visitOf,
} from '../testing/recordOf.ts';
import { RETRY_POLICIES, retriesOf } from '../testing/retriesOf.ts';
import { judge } from './judge.ts';
import { judgeRun } from './judgeRun.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 40 };
const LIMITS: Partial<Record<MetricName, number>> = {
  ...{ latency: 2000, firstChunk: 500, ownTime: 1000, fairness: 250, recovery: 2000 },
  ...{ timeout: 10_000, refusal: 10_000, modelCalls: 2, attempts: 5, attemptRate: 5 },
  ...{ gapGrowth: 1.4, jitter: 5 },
  ...{ blocking: 200, chunkGap: 200, missedFrames: 200, insight: 200 },
  ...{ ttfb: 200, fcp: 200, inp: 200, lcp: 200, tbt: 200, cls: 200 },
  ...{ requests: 200, weight: 200, unusedBytes: 200, totalBytes: 200, footprint: 200 },
  ...{ score: 50, accessibility: 50, bestPractices: 50 },
  ...{ growth: 1, nodeGrowth: 1, listenerGrowth: 1, documentGrowth: 1 },
  ...{ latencyRegression: 1.1, firstChunkRegression: 1.1 },
  ...{ ownTimeRegression: 1.1, memoryRegression: 1.1 },
};
/** Higher than what is measured, so that most regressions pass. */
const BASELINE = {
  unit: 'ms',
  sets: [{ name: 'baseline', until: '2026-01-01', values: [990, 995, 1000, 1005, 1010] }],
};
const CHECKS = ['isolation', 'contract', 'secrecy', 'soundness'];

/** Metrics that are not measured of requests. */
const KINDS: Partial<Record<MetricName, Exclude<MeasurementKind, 'request' | 'start'>>> = {
  ...{ blocking: 'iteration', chunkGap: 'iteration', requests: 'iteration', page: 'iteration' },
  ...{ streaming: 'iteration', connection: 'iteration' },
  ...{ ttfb: 'visit', fcp: 'visit', lcp: 'visit', inp: 'visit', cls: 'visit', caching: 'visit' },
  ...{ missedFrames: 'visit', insight: 'visit', weight: 'visit' },
  ...{ tbt: 'audit', unusedBytes: 'audit', totalBytes: 'audit' },
  ...{ score: 'audit', accessibility: 'audit', bestPractices: 'audit' },
  ...{ footprint: 'memory', growth: 'memory', nodeGrowth: 'memory' },
  ...{ listenerGrowth: 'memory', documentGrowth: 'memory', memoryRegression: 'memory' },
};

/** The values of a sample besides its times. They are the same each time, so that nothing grows. */
const PAINTED = { blockedMs: 100, longestGapMs: 100, requests: 100 };
const VISITED = {
  ...{ missedFramesPercent: 50, insightMs: 100, ttfbMs: 100, fcpMs: 100, lcpMs: 100, inpMs: 100 },
  ...{ layoutShift: 100, weightBytes: 100 },
};
const AUDITED = {
  ...{ tbtMs: 100, unusedBytes: 100, totalBytes: 100 },
  ...{ scorePoints: 90, accessibilityPoints: 90, bestPracticesPoints: 90 },
};
const HELD = { usedBytes: 100, nodes: 100, listeners: 100, documents: 100 };

const OF_WORKLOAD = { workload: 'down', operation: 'down' };
const WARM_UPS = Array.from({ length: 10 }, (_, at) =>
  memoryOf(1000 + at, { ...OF_WORKLOAD, warmUp: true, values: HELD }),
);

/** What may come of a request, mostly as it should, so that passes are frequent enough to be lost. */
const RARELY = fc.nat(99).map((chance) => chance === 0);
const callShape = fc.record({
  waitMs: fc.integer({ min: 0, max: 400 }),
  lastsMs: fc.constantFrom(5, 20, 2000, 12_000),
  end: fc.constantFrom('answered', 'answered', 'aborted', 'aborted', 'open', 'brokenOff'),
  retryAfterMs: fc.constantFrom(null, 100),
});
const requestShape = fc.record({
  outcome: fc.constantFrom('answered', 'refused', 'left', 'dropped'),
  latencyMs: fc.integer({ min: 100, max: 700 }),
  isSlow: RARELY,
  objects: RARELY,
  calls: fc.array(callShape, { minLength: 1, maxLength: 4 }),
});
type RequestShape = typeof requestShape extends fc.Arbitrary<infer T> ? T : never;

function requestFrom(shape: RequestShape, index: number): RequestLine {
  const { outcome, objects } = shape;
  const latencyMs = shape.latencyMs + (shape.isSlow ? 12_000 : 0);
  const answer: Partial<RequestLine> = {
    values: { latencyMs, firstChunkMs: 40, reportedLatencyMs: latencyMs - 1, endedMs: latencyMs },
  };
  const dropped = { status: null, failure: 'reset', values: { endedMs: latencyMs } };
  return requestOf(index, {
    workload: 'down',
    fault: 'down',
    tenant: index % 3 === 0 ? 'quiet' : 'busiest',
    checks: Object.fromEntries(checksOf(outcome).map((name) => [name, !objects])),
    ...{ answered: answer, refused: failedAt(latencyMs), left: leftAt(2100), dropped }[outcome],
  });
}

function lineFrom(
  shape: RequestShape,
  index: number,
  kind: MeasurementKind | undefined,
): MeasurementLine {
  const holds = !shape.objects;
  const failed = shape.outcome === 'answered' ? {} : { failure: shape.outcome, values: {} };
  const times = { latencyMs: shape.latencyMs + (shape.isSlow ? 12_000 : 0), firstChunkMs: 40 };
  const painted = { ...times, ...PAINTED };
  const asked = { fault: 'down', values: painted };
  const checks = { streaming: holds, connection: holds, page: holds };
  if (kind === 'iteration')
    return iterationOf(index, { ...OF_WORKLOAD, ...asked, ...failed, checks });
  const visited = { values: { ...painted, ...VISITED }, ...failed };
  if (kind === 'visit')
    return visitOf(index, { ...OF_WORKLOAD, ...visited, checks: { caching: holds } });
  if (kind === 'audit') return auditOf(index, { ...OF_WORKLOAD, values: AUDITED, ...failed });
  if (kind === 'memory') return memoryOf(index, { ...OF_WORKLOAD, values: HELD, ...failed });
  return requestFrom(shape, index);
}

/** A caller that left has no answer whose form could be checked. */
function checksOf(outcome: RequestShape['outcome']): string[] {
  return outcome === 'left' ? CHECKS.filter((name) => name !== 'contract') : CHECKS;
}

/** In an answered request, all calls of the model end before the answer does. */
function callLinesOf({ calls }: RequestShape, line: MeasurementLine): ModelCallLine[] {
  const { index, sentAtMs, failure } = line;
  const { latencyMs = 0, insightMs = latencyMs }: MeasuredValues = line.values;
  const wholeMs = Math.min(latencyMs, insightMs);
  const mostMs = failure === null ? wholeMs / calls.length : 12_000;
  let atMs = sentAtMs;
  return calls.map(({ waitMs, end, retryAfterMs, ...shape }, at) => {
    const lastsMs = Math.min(shape.lastsMs, mostMs);
    const arrivedAtMs = atMs + (at === 0 ? Math.min(waitMs, 100) : waitMs * 2 ** at);
    atMs = arrivedAtMs + lastsMs;
    const durationMs = end === 'answered' ? lastsMs : null;
    const parts = { end, arrivedAtMs, durationMs, endedMs: lastsMs, retryAfterMs };
    return modelCallOf(index, { ...parts, attempt: at + 1, fault: 'status' });
  });
}

function recordFrom(
  shapes: RequestShape[],
  alike: boolean,
  kind: MeasurementKind | undefined,
  objectives: Objective[],
): RunRecord {
  // Requests that differ rarely pass; requests that are all alike pass or fail.
  const [first] = shapes;
  const all = alike ? shapes.map(() => first as RequestShape) : shapes;
  const lines = all.map((shape, index) => lineFrom(shape, index, kind));
  return recordOf(objectives, {
    requests: lines.filter((line) => line.type === 'request'),
    samples: [...WARM_UPS, ...lines.filter((line) => line.type !== 'request')],
    modelCalls: lines.flatMap((line, at) => callLinesOf(all[at] as RequestShape, line)),
    noops: [noopOf(1)],
    outages: [
      {
        type: 'outage',
        workload: 'down',
        fromMs: STARTED_AT_MS - 2000,
        untilMs: STARTED_AT_MS - 100,
      },
    ],
  });
}

/** Ways to lose data. `of` is the index of the measurement that loses it. */
const LOSSES: Record<string, (record: RunRecord, of: number) => Partial<RunRecord>> = {
  ...Object.fromEntries(
    (['latencyMs', 'firstChunkMs', 'reportedLatencyMs', 'endedMs', 'leftMs'] as const).map(
      (key) => [key, changeValues(({ [key]: _, ...values }) => values)],
    ),
  ),
  'all but the times': changeValues(({ latencyMs, endedMs }) => ({
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
  })),
  'the warm-up': ({ samples }) => ({ samples: samples.filter(({ warmUp }) => !warmUp) }),
  checks: changeLine((line) => ('checks' in line ? { ...line, checks: {} } : line)),
  calls: (record, of) => ({ modelCalls: record.modelCalls.filter(({ index }) => index !== of) }),
  'first attempt': (record, of) => ({
    modelCalls: record.modelCalls.filter(({ index, attempt }) => index !== of || attempt !== 1),
  }),
  'end of the calls': (record, of) => ({
    modelCalls: record.modelCalls.map((call) =>
      call.index === of ? { ...call, end: 'open', durationMs: null } : call,
    ),
  }),
  fault: (record, of) => ({
    modelCalls: record.modelCalls.map((call) =>
      call.index === of ? { ...call, fault: null } : call,
    ),
  }),
  outages: () => ({ outages: [] }),
  noops: () => ({ noops: [] }),
};

function changeValues(change: (values: MeasuredValues) => MeasuredValues) {
  return changeLine((line) => ({ ...line, values: change(line.values) }) as MeasurementLine);
}

function changeLine(change: (line: MeasurementLine) => MeasurementLine) {
  return (record: RunRecord, of: number): Partial<RunRecord> => {
    const lines = measurementsOf(record).map((line) => (line.index === of ? change(line) : line));
    return {
      requests: lines.filter((line) => line.type === 'request'),
      samples: lines.filter((line) => line.type !== 'request'),
    };
  };
}

test('no loss of data from a record turns a verdict into a pass', (t) => {
  const lost: Record<string, number> = {};
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const limit = LIMITS[metric] ?? 0;
    const kind = KINDS[metric];
    const fault = kind === undefined || kind === 'iteration' ? 'down' : null;
    const { compares } = METRICS[metric];
    const parts = { fault, sampleBudget: 3 };
    const ofMany = underFault(metric, limit, { ...parts, ...(compares && { baseline: BASELINE }) });
    const compared = compares === undefined ? [] : [underFault(compares as MetricName, 1, parts)];
    // The middle of a few is established sooner than their tail.
    const middle = { ...ofMany, quantile: 0.5, allowedShare: 0.5 };
    const objective = ofMany.quantile === null ? ofMany : middle;
    const verdictOf = (record: RunRecord) =>
      judge(objective, deriveEvents(objective, record), RATES).verdict;
    let passesLost = 0;
    fc.assert(
      fc.property(
        fc.array(requestShape, { minLength: 4, maxLength: 24, size: 'max' }),
        fc.boolean(),
        fc.nat(),
        (shapes, alike, of) => {
          const record = recordFrom(shapes, alike, kind, compared);
          const before = verdictOf(record);
          for (const [what, lose] of Object.entries(LOSSES)) {
            const after = verdictOf({ ...record, ...lose(record, of % shapes.length) });
            if (before !== 'pass') assert.notEqual(after, 'pass', `without ${what}`);
            else if (after !== 'pass') passesLost += 1;
          }
        },
      ),
      { seed: 3, numRuns: 100 },
    );
    lost[metric] = passesLost;
  }
  t.diagnostic(`passes that became none: ${JSON.stringify(lost)}`);
  // Availability takes nothing but whether a request failed, which no record can lack. The flakes of earlier runs stand in their objective.
  // The others are measured under load alone.
  const untried = Object.keys(lost).filter((metric) => lost[metric] === 0);
  const expected = ['availability', 'flakeRate', 'latencyGrowth', 'rate', 'serviceTime', 'stall'];
  assert.deepEqual(untried.sort(), expected);
});

const LOAD_LIMITS = {
  latency: 200,
  serviceTime: 200,
  ownTime: 100,
  availability: 0.5,
  isolation: 0,
  stall: 250,
  // Of medians of twenty, so that chance changes little.
  latencyGrowth: 2000,
  rate: 30,
} satisfies Partial<Record<MetricName, number>>;

/** On the load `capacity`, lenient enough for a few dozen requests to pass. */
function objectiveOf(metric: keyof typeof LOAD_LIMITS): Objective {
  const isPart = ['latency', 'serviceTime', 'ownTime', 'availability', 'rate'].includes(metric);
  const isTimed = ['latency', 'serviceTime', 'ownTime'].includes(metric);
  return underFault(metric, LOAD_LIMITS[metric], {
    workload: 'capacity',
    fault: null,
    spans: true,
    quantile: isTimed ? 0.5 : null,
    allowedShare: isPart ? 0.5 : 0,
    // Of growth: windows, each of which takes twenty.
    sampleBudget: metric === 'latencyGrowth' ? 6 : 1,
    ...(metric === 'rate' ? { keptBelowMs: 200 } : {}),
  });
}

/** What may come of a request, mostly as it should, so that passes are frequent enough to be lost. */
const RARELY_OF_60 = fc.nat(59).map((chance) => chance === 0);
const loadRequestShape = fc
  .record({
    serviceMs: fc.integer({ min: 60, max: 120 }),
    isSlow: RARELY_OF_60,
    isLate: RARELY_OF_60,
    isForeign: RARELY_OF_60,
    fails: RARELY_OF_60,
    isUnsent: RARELY_OF_60,
  })
  .map(({ serviceMs, isSlow, isLate, isForeign, fails, isUnsent }): LoadRequestAt => {
    if (isUnsent) return NEVER_SENT;
    const request = {
      serviceMs: serviceMs + (isSlow ? 900 : 0),
      lateMs: isLate ? 40 : 0.5,
      isolated: !isForeign,
    };
    return fails ? failedWith('status 500', request) : request;
  });
const stepShape = fc.record({
  requests: fc.array(loadRequestShape, { minLength: 4, maxLength: 60, size: 'max' }),
  slowness: fc.constantFrom(1, 1, 1, 6),
});
/** One step above the rate that is wanted, and one below. */
const loadShape = fc.tuple(stepShape, stepShape);

type Step = { requests: LoadRequestAt[]; slowness: number };

/** @param times how often the requests are repeated, since windows take many */
function linesOf(shapes: readonly Step[], times: number): LoadLine[] {
  return shapes.map(({ requests, slowness }, at) =>
    stepLineOf(
      [20, 40][at] as number,
      Array.from({ length: times }, () => requests)
        .flat()
        .map((request) => ({
          ...request,
          serviceMs: request.serviceMs == null ? null : request.serviceMs * slowness,
        })),
      { scope: `0000000${at}`, fromMs: 1_800_000_000_000 + at * 10_000 },
    ),
  );
}

/** Columns of which an entry can be lost. That of failures is not among them: null says that a request did not fail. */
const LOSABLE = ['lateMs', 'serviceMs', 'modelMs', 'isolated', 'connectionReused'] as const;

function lose(
  lines: LoadLine[],
  column: (typeof LOSABLE)[number],
  of: { line: number; request: number },
): LoadLine[] {
  return lines.map((line, place) => {
    if (place !== of.line) return line;
    const lost = [...line[column]];
    lost[of.request % lost.length] = null;
    return { ...line, [column]: lost };
  });
}

test('no loss of data from a load turns a verdict into a pass', (t) => {
  const lost: Record<string, number> = {};
  const passed: Record<string, number> = {};
  for (const metric of Object.keys(LOAD_LIMITS) as (keyof typeof LOAD_LIMITS)[]) {
    const objective = objectiveOf(metric);
    const verdictOf = (lines: LoadLine[]) => {
      const record = recordOf([objective], { loads: [tableOf(...lines)] });
      const { judgements } = judgeRun(record, deriveEvents, { selected: [objective.id] });
      return judgements[0]?.verdict;
    };
    let [passes, passesLost] = [0, 0];
    fc.assert(
      fc.property(loadShape, fc.record({ line: fc.nat(1), request: fc.nat(59) }), (shapes, of) => {
        const lines = linesOf(shapes, metric === 'latencyGrowth' ? 4 : 1);
        const before = verdictOf(lines);
        if (before === 'pass') passes++;
        for (const column of LOSABLE) {
          const after = verdictOf(lose(lines, column, of));
          if (before !== 'pass') assert.notEqual(after, 'pass', `${metric} without ${column}`);
          else if (after !== 'pass') passesLost++;
        }
      }),
      { seed: 3, numRuns: 100 },
    );
    lost[metric] = passesLost;
    passed[metric] = passes;
  }
  t.diagnostic(`passes: ${JSON.stringify(passed)}, that became none: ${JSON.stringify(lost)}`);
  assert.deepEqual(
    Object.keys(lost).filter((metric) => lost[metric] === 0),
    [],
  );
});

const GROWTH = underFault('gapGrowth', 1.4, { sampleBudget: 60 });
const JITTER = underFault('jitter', 5, { sampleBudget: 60 });
const WAIT_RUNS = 200;

type PolicyName = keyof typeof RETRY_POLICIES;
type Counts = Record<VerdictName, number>;

/** Counts the verdicts of seeded runs whose requests all retry by this policy. */
function simulate(
  objective: Objective,
  name: PolicyName,
  { noiseMs, requests, runs = WAIT_RUNS }: { noiseMs: number; requests: number; runs?: number },
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
  pass: { pass: WAIT_RUNS, fail: 0, inconclusive: 0 },
  fail: { pass: 0, fail: WAIT_RUNS, inconclusive: 0 },
  inconclusive: { pass: 0, fail: 0, inconclusive: WAIT_RUNS },
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

test('linearly growing waits pass 1.4 × and fail 1.6 ×; planned ones pass both', () => {
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
      assert.ok(pass >= WAIT_RUNS - 3, `${pass}`);
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

test('up to 25 misses in a row do not fail, since they may be one incident', () => {
  assert.deepEqual(simulate(GROWTH, 'constantGap', { noiseMs: 3, requests: 25 }), ALL.inconclusive);
  assert.deepEqual(simulate(GROWTH, 'constantGap', { noiseMs: 3, requests: 26 }), ALL.fail);
  assert.deepEqual(simulate(JITTER, 'noJitter', { noiseMs: 3, requests: 51 }), ALL.inconclusive);
  assert.deepEqual(simulate(JITTER, 'noJitter', { noiseMs: 3, requests: 52 }), ALL.fail);
});
