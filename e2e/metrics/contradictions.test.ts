import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine, SampleLine } from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { underFault } from '../core/testing/objectives.ts';
import {
  auditOf,
  iterationOf,
  memoryOf,
  noopOf,
  recordOf,
  STARTED_AT_MS,
  stallOf,
  visitOf,
} from '../core/testing/recordOf.ts';
import { judge } from '../core/verdict/judge.ts';
import { deriveEvents } from './deriveEvents.ts';
import type { MetricName } from './metrics.ts';
import {
  type CallAt,
  callsAt,
  failedAt,
  measuredUnder,
  readingOf,
  requestUnder,
} from './testing/readingOf.ts';

const answeredFor = (ms: number, kind: string, more: Partial<ModelCallLine> = {}) => ({
  ...({ end: 'answered', durationMs: ms, fault: null, kind } as const),
  ...more,
});
/** Two calls, one after the other: 200 ms to classify, 350 ms for a narrative that begins after 80 ms. */
const CALLS: CallAt[] = [
  [10, 210, answeredFor(200, 'classification')],
  [220, 570, answeredFor(350, 'narrative', { firstByteMs: 80 })],
];
const STREAMED = { operation: 'narrative', values: { latencyMs: 360, totalMs: 590 } };
const BUFFERED = { operation: 'narrative', values: { latencyMs: 0.01, totalMs: 590 } };

function whyMissing(
  metric: MetricName,
  line: Partial<RequestLine> | SampleLine,
  calls: CallAt[] = CALLS,
  more: Partial<RunRecord> = {},
): string | undefined {
  const fault = 'fault' in line || !('type' in line) ? 'down' : null;
  const objective = underFault(metric, 1000, { fault });
  const parts = { ...measuredUnder(line), modelCalls: callsAt(calls), ...more };
  const series = deriveEvents({ ...objective, spans: true }, recordOf([objective], parts));
  assert.equal(series.missing, series.events.length === 0 ? 1 : 0);
  return series.whyMissing;
}

test('a part that came before the model was done with it is missing, not 0 ms', () => {
  assert.equal(whyMissing('latency', STREAMED), undefined);
  assert.equal(
    whyMissing('latency', BUFFERED),
    'the stream arrived at once: something between buffers it',
  );
  const half = { operation: 'narrative', values: { latencyMs: 200, totalMs: 590 } };
  assert.equal(
    whyMissing('latency', half),
    'the narrative took 200 ms, less than the 350 ms that the model took for it',
  );
  // A first piece that the harness saw a little late is no gateway.
  const late = { operation: 'narrative', values: { latencyMs: 310, totalMs: 590 } };
  assert.equal(whyMissing('latency', late), undefined);
  // Without the journal nothing contradicts it.
  assert.equal(whyMissing('latency', BUFFERED, []), undefined);
  // In one piece, all of its lines are complete at the same moment: no journal is needed to see that.
  const onePiece = { operation: 'narrative', values: { latencyMs: 0, totalMs: 590 } };
  for (const calls of [[], CALLS])
    assert.match(whyMissing('latency', onePiece, calls) ?? '', /arrived at once/);
});

test('a delay by a stall of the harness is no contradiction', () => {
  const stalled = (fromMs: number, workload = 'down') => ({
    disturbances: [stallOf({ workload, fromMs: STARTED_AT_MS + fromMs, durationMs: 200 })],
  });
  assert.equal(whyMissing('latency', BUFFERED, CALLS, stalled(200)), undefined);
  assert.match(whyMissing('latency', BUFFERED, CALLS, stalled(900)) ?? '', /at once/);
  assert.match(whyMissing('latency', BUFFERED, CALLS, stalled(200, 'other')) ?? '', /at once/);
});

test('an answer that came before the model was done with it is missing, and so are values derived from it', () => {
  const values = { latencyMs: 500, reportedLatencyMs: 499, firstChunkMs: 300 };
  const reason = /^the answer took 500 ms, less than the 550 ms that the model took for it$/;
  const noops = [noopOf(1)];
  for (const metric of ['latency', 'ownTime', 'metadata'] as const) {
    assert.match(whyMissing(metric, { values }, CALLS, { noops }) ?? metric, reason);
    const whole = { ...values, latencyMs: 560, reportedLatencyMs: 559 };
    assert.equal(whyMissing(metric, { values: whole }, CALLS, { noops }), undefined, metric);
  }
  const visit = (insightMs: number) => visitOf(0, { workload: 'down', values: { insightMs } });
  assert.match(whyMissing('insight', visit(500)) ?? '', reason);
  assert.equal(whyMissing('insight', visit(560)), undefined);
  // Of two calls side by side the time in which either was under way counts once, and of two alike the shorter one.
  const together: CallAt[] = [
    [10, 210, answeredFor(200, 'classification')],
    [10, 360, answeredFor(350, 'narrative')],
    [10, 900, answeredFor(890, 'narrative')],
  ];
  assert.equal(whyMissing('latency', { values: { latencyMs: 365 } }, together), undefined);
});

test('own time below zero by more than two clocks differ is missing', () => {
  const together: CallAt[] = [
    [10, 210, answeredFor(200, 'classification')],
    [10, 210, answeredFor(200, 'narrative')],
  ];
  assert.match(whyMissing('ownTime', { values: { latencyMs: 390 } }, together) ?? '', /longer/);
  assert.equal(
    readingOf(underFault('ownTime', 10), { values: { latencyMs: 397 } }, together),
    'good at -3',
  );
});

test('a first chunk before the model had written one, or after the end of the answer, is missing', () => {
  const at = (firstChunkMs: number) => ({ values: { firstChunkMs, latencyMs: 600 } });
  assert.equal(whyMissing('firstChunk', at(290)), undefined);
  assert.equal(
    whyMissing('firstChunk', at(100)),
    'its first chunk came after 100 ms, and the model had written nothing for 280 ms',
  );
  assert.match(whyMissing('firstChunk', at(650)) ?? '', /650 ms of 600 ms$/);
});

test('a value of 0 that cannot be 0 is missing', () => {
  const MINE = { workload: 'down', operation: 'down' };
  const measured: [MetricName, (value: number) => Partial<RequestLine> | SampleLine][] = [
    ['latency', (latencyMs) => ({ values: { latencyMs } })],
    ['lcp', (lcpMs) => auditOf(0, { ...MINE, values: { lcpMs } })],
    ['ttfb', (ttfbMs) => visitOf(0, { ...MINE, values: { ttfbMs } })],
    ['weight', (weightBytes) => visitOf(0, { ...MINE, values: { weightBytes } })],
    ['totalBytes', (totalBytes) => auditOf(0, { ...MINE, values: { totalBytes } })],
    ['footprint', (usedBytes) => memoryOf(0, { ...MINE, values: { usedBytes } })],
    ['requests', (requests) => iterationOf(0, { ...MINE, fault: 'down', values: { requests } })],
  ];
  for (const [metric, lineOf] of measured) {
    assert.match(whyMissing(metric, lineOf(0), []) ?? metric, /^0 \w+ were/);
    assert.equal(whyMissing(metric, lineOf(1), []), undefined);
  }
  const nothing = auditOf(0, { ...MINE, values: { tbtMs: 0, layoutShift: 0, unusedBytes: 0 } });
  for (const metric of ['tbt', 'cls', 'unusedBytes'] as const) {
    assert.equal(whyMissing(metric, nothing, []), undefined, metric);
  }
});

test('metrics that compare the clocks of harness and AI mock are missing if these differ', () => {
  const callsAfter = (ms: number): CallAt[] => [[ms, ms + 10, { end: 'aborted' }]];
  const refused = failedAt(3000);
  const left = { status: null, failure: 'left', values: { leftMs: 3000, endedMs: 3000 } };
  for (const [metric, request] of [
    ['timeout', refused],
    ['released', refused],
    ['workStops', left],
  ] as const) {
    assert.match(whyMissing(metric, request, callsAfter(-400)) ?? metric, /at least 400 ms behind/);
    assert.doesNotMatch(whyMissing(metric, request, callsAfter(20)) ?? '', /clock/);
  }
  assert.match(whyMissing('released', refused, callsAfter(3400)) ?? '', /at least 400 ms ahead/);
});

test('a P50 behind a gateway that buffers is inconclusive, with the reason', () => {
  const objective = {
    ...underFault('latency', 1000),
    quantile: 0.5,
    allowedShare: 0.5,
    spans: true,
  };
  const requests = Array.from({ length: 40 }, (_, at) => ({
    ...requestUnder(BUFFERED),
    index: at,
    id: `5f3a9c1e-${at}`,
  }));
  const modelCalls = requests.flatMap(({ index }) =>
    callsAt(CALLS).map((call) => ({ ...call, index })),
  );
  const series = deriveEvents(objective, recordOf([objective], { requests, modelCalls }));
  const rates = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 1 };
  const { verdict, reason, n } = judge(objective, series, rates);
  assert.deepEqual([verdict, n], ['inconclusive', 0]);
  assert.equal(
    reason,
    'no data: 40 requests lack what it takes to judge them (the first: the stream arrived at once: something between buffers it)',
  );
});
