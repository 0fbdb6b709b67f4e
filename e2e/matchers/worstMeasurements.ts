import type { Metric } from '../core/budget/metric.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { Event, EventSeries, Events } from '../core/record/event.ts';
import type { MeasuredValues, MeasurementLine } from '../core/record/measurementLine.ts';
import { endOfCall, type ModelCallLine } from '../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
import { plainText, shortText } from '../core/terminalText.ts';
import { formatValue } from '../core/verdict/format.ts';
import { describeEnd, greatestFirst } from '../report/charts/slowestRequest.ts';

const MAX_FINDINGS = 5;

/** A measurement in words: its result, its time, and the request and tenant that it comes from. */
export type Finding = { result: string; at: string; source: string };

/** The five worst measurements: the greatest values, the smallest if more is better, or the first bad ones. None where no single one shows it. */
export function worstMeasurements(
  objective: Objective,
  { events }: EventSeries,
  record: RunRecord,
): Finding[] {
  const byId = new Map(measurementsOf(record).map((line) => [line.id, line]));
  const calls = Map.groupBy(record.modelCalls, ({ scope, index }) => `${scope}-${index}`);
  return worst(objective, events).map((event) => ({
    result: describeResult(objective, event, byId.get(event.id), calls.get(event.id) ?? []),
    at: new Date(event.atMs).toISOString(),
    source: describeSource(event),
  }));
}

function worst({ metric }: Objective, events: Events): Event[] {
  const { kind, wantsMore, earlierEvents } = metric;
  // No single value shows growth or a regression, and the record has no measurement of an earlier run.
  if (kind === 'growth' || kind === 'regression' || earlierEvents !== undefined) return [];
  if (kind === 'share' || kind === 'zeroTolerance') {
    return [...events].filter(({ bad }) => bad).slice(0, MAX_FINDINGS);
  }
  const falling = greatestFirst(events);
  return (wantsMore === true ? falling.reverse() : falling).slice(0, MAX_FINDINGS);
}

function describeSource({ id, requestId, tenant }: Event): string {
  const source = requestId === null ? `measurement ${id}` : `request ${plainText(requestId)}`;
  return tenant === null ? source : `${source}, ${plainText(tenant)}`;
}

/** Enough to recognize an answer by. */
const MAX_CHARACTERS = 160;

/** An event in words: its value, or its calls of the model, the objection of a check and its failure. */
function describeResult(
  { metric, unit }: Objective,
  { value }: Event,
  line: MeasurementLine | undefined,
  calls: ModelCallLine[],
): string {
  if (value !== null) {
    const outcome = metric.kind === 'maximum' ? describeOutcome(line) : null;
    return outcome === null ? formatValue(value, unit) : `${formatValue(value, unit)}, ${outcome}`;
  }
  if (line === undefined) return 'bad';
  if (metric.shownIn === 'reportedLatency') return describeReported(line);
  const parts = [describeModelCalls(metric, calls), describeOutcome(line)];
  return parts.filter((part) => part !== null).join('; ') || 'bad';
}

/** Null if the answer itself shows what is wrong. */
function describeModelCalls({ shownIn }: Metric, calls: ModelCallLine[]): string | null {
  if (shownIn === 'retryWaits') return describeEarlyRetry(calls);
  return shownIn === 'modelCalls' ? describeLastCall(calls) : null;
}

function describeOutcome(line: MeasurementLine | undefined): string | null {
  if (line === undefined) return null;
  const objection = 'objection' in line ? line.objection : null;
  const outcome = objection ?? line.failure;
  return outcome === null ? null : shortText(outcome, MAX_CHARACTERS);
}

function describeReported({ values }: MeasurementLine): string {
  const { latencyMs, totalMs, reportedLatencyMs }: MeasuredValues = values;
  const inMs = (ms: number | undefined) => (ms === undefined ? 'nothing' : formatValue(ms, 'ms'));
  return `reported ${inMs(reportedLatencyMs)}, measured ${inMs(totalMs ?? latencyMs)}`;
}

/** `1 call of the model, answered with 503 after 12.0 ms`; of several calls, the one that ended last. Null without calls. */
function describeLastCall(calls: ModelCallLine[]): string | null {
  const last = calls.toSorted((a, b) => endOfCall(a) - endOfCall(b)).at(-1);
  if (last === undefined) return null;
  const what = `${describeEnd(last)} after ${formatValue(last.endedMs, 'ms')}`;
  return calls.length === 1
    ? `1 call of the model, ${what}`
    : `${calls.length} calls of the model, the last ${what}`;
}

/** `called again after 12.0 ms, asked to wait 1000.0 ms`, for the attempt that came most too early. Null without a second attempt. */
function describeEarlyRetry(calls: ModelCallLine[]): string | null {
  const pairs = calls.flatMap((call) => {
    const later = calls.filter(
      ({ kind, arrivedAtMs }) => kind === call.kind && arrivedAtMs > call.arrivedAtMs,
    );
    const nextMs = later.reduce((a, b) => Math.min(a, b.arrivedAtMs), Number.POSITIVE_INFINITY);
    if (call.retryAfterMs === null || later.length === 0) return [];
    return [{ waitedMs: nextMs - endOfCall(call), askedMs: call.retryAfterMs }];
  });
  const worst = pairs.toSorted((a, b) => a.waitedMs - a.askedMs - (b.waitedMs - b.askedMs))[0];
  if (worst === undefined) return null;
  const { waitedMs, askedMs } = worst;
  return `called again after ${formatValue(waitedMs, 'ms')}, asked to wait ${formatValue(askedMs, 'ms')}`;
}
