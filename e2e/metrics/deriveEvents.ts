import type { Objective } from '../core/budget/objective.ts';
import { ANY_FAULT } from '../core/budget/operationCatalogue.ts';
import { type Event, type EventSeries, isBad } from '../core/record/event.ts';
import type { LoadRequest } from '../core/record/loadLine.ts';
import {
  endOfMeasurement,
  type MeasurementKind,
  type MeasurementLine,
} from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
import {
  type EventSpan,
  modelLateness,
  setAsideRule,
  sumDisturbances,
} from '../core/record/setAside.ts';
import type { Observation } from './derivation.ts';
import {
  eachLoadRequest,
  type LoadGiven,
  type LoadReading,
  readWholeRequest,
} from './loadEvents.ts';
import { METRICS, type MetricName } from './metrics.ts';
import type { MetricEntry } from './shapes.ts';

/**
 * Turns the record of a run into the events of one objective, by the derivation of its metric. Measurements under an injected fault count
 * only in the objectives of that fault, those of a warm-up in none. A measurement whose value was not recorded is missing.
 */
export function deriveEvents(objective: Objective, record: Readonly<RunRecord>): EventSeries {
  const entry = findEntry(objective);
  if (entry.deriveSeries !== undefined) return entry.deriveSeries(objective, record, deriveEvents);
  const underLoad = deriveLoadEvents(objective, record);
  if (underLoad !== null) return underLoad;
  const isMine = (line: MeasurementLine): boolean => isJudged(line, objective);
  const lines = measurementsOf({
    requests: record.requests.filter(isMine),
    samples: record.samples.filter(isMine),
  });
  const given = { objective, lines, record, callsOf: groupCalls(lines, record) };
  const { observations, ...rest } = entry.derive(given);
  const isSetAside = setAsideRule(objective, record);
  const late = isSetAside === null ? null : modelLateness(record.modelCalls);
  const kept = observations.filter(
    (one) => !isSetAside?.(findSpan(one, objective, late?.get(one.line.id) ?? 0)),
  );
  const n = observations.length - kept.length;
  const failures = lines.map(({ failure }) => failure).filter((failure) => failure !== null);
  const [firstFailure] = failures;
  return {
    events: kept.map((observation) => toEvent(observation, objective)),
    failed: failures.length,
    ...(firstFailure === undefined ? {} : { firstFailure }),
    ...(n === 0 ? {} : { setAside: { n, ...sumDisturbances(objective, record) } }),
    ...rest,
  };
}

const derived = new WeakMap<Readonly<RunRecord>, Map<Objective, EventSeries>>();

/** The same for the record of a finished run: verdict, figures and plots share the events, since a load may have a million of them. */
export function deriveEventsOnce(objective: Objective, record: Readonly<RunRecord>): EventSeries {
  const known = derived.get(record) ?? new Map<Objective, EventSeries>();
  derived.set(record, known);
  const series = known.get(objective) ?? deriveEvents(objective, record);
  known.set(objective, series);
  return series;
}

/** Groups the calls when they are first needed: judging a long record during a measurement must not delay what is sent. */
function groupCalls(
  lines: MeasurementLine[],
  { modelCalls }: Readonly<RunRecord>,
): (line: MeasurementLine) => ModelCallLine[] {
  let calls: Map<string, ModelCallLine[]> | null = null;
  return ({ id }) => {
    calls ??= group();
    return calls.get(id) ?? [];
  };

  function group(): Map<string, ModelCallLine[]> {
    const scopes = new Set(lines.map(({ scope }) => scope));
    const mine = modelCalls.filter(({ scope }) => scopes.has(scope));
    mine.sort((a, b) => a.arrivedAtMs - b.arrivedAtMs || a.attempt - b.attempt);
    return Map.groupBy(mine, ({ scope, index }) => `${scope}-${index}`);
  }
}

export function isJudged(line: MeasurementLine, objective: Objective): boolean {
  const { workload, operation, fault: wanted, spans } = objective;
  const fault = 'fault' in line ? line.fault : null;
  return (
    !line.warmUp &&
    (wanted === ANY_FAULT ? fault !== null : fault === wanted) &&
    (workload === null || line.workload === workload) &&
    (line.operation === operation || (spans && isSpanned(line, workload)))
  );
}

/** An objective over all workloads judges what the harness sent itself: a visit of a page is no request. */
function isSpanned({ type }: MeasurementLine, workload: string | null): boolean {
  return type === 'request' || workload !== null;
}

const TIMED_BY_BROWSER: readonly MeasurementKind[] = ['iteration', 'visit', 'audit'];

function findSpan(
  { line, value }: Observation,
  { unit }: Objective,
  modelLateMs: number,
): EventSpan {
  const { sentAtMs } = line;
  const lateMs = line.type === 'request' ? line.lateMs : 0;
  const isTimedByHarness = !TIMED_BY_BROWSER.includes(line.type);
  // The record may lack the end of what a browser timed.
  const timedMs = !isTimedByHarness && unit === 'ms' ? (value ?? 0) : 0;
  const untilMs = Math.max(endOfMeasurement(line), sentAtMs + timedMs);
  return { fromMs: sentAtMs - lateMs, lateMs, untilMs, value, isTimedByHarness, modelLateMs };
}

function toEvent(observation: Observation, objective: Objective): Event {
  const { line, value } = observation;
  const isAtLeast = value !== null && observation.isAtLeast === true;
  const { id, sentAtMs: atMs } = line;
  const requestId = ('requestId' in line ? line.requestId : null) ?? null;
  const tenant = ('tenant' in line ? line.tenant : null) ?? null;
  const untilMs = endOfMeasurement(line);
  const bad = value === null ? observation.bad : isBad(value, objective);
  const event = { id, atMs, untilMs, bad, value, requestId, tenant };
  return isAtLeast ? { ...event, isAtLeast } : event;
}

/** The events of an objective that a load is judged by; null for any other. */
function deriveLoadEvents(objective: Objective, record: Readonly<RunRecord>): EventSeries | null {
  const table = record.loads.find(({ workload }) => workload === objective.workload);
  if (table === undefined) return null;
  const processes = record.processes.filter(({ workload }) => workload === objective.workload);
  const given = { objective, table, processes, isSetAside: setAsideRule(objective, record) };
  const { readLoad, deriveLoad } = findEntry(objective);
  const derive = deriveLoad ?? (readLoad && ((of: LoadGiven) => eachLoadRequest(of, readLoad)));
  const series = derive?.(given) ?? null;
  if (series?.setAside === undefined) return series;
  return { ...series, setAside: { ...series.setAside, ...sumDisturbances(objective, record) } };
}

/** What one request of a load says of an objective that counts requests; undefined for any other objective. */
export function readLoadRequest(
  objective: Objective,
  request: LoadRequest,
): LoadReading | undefined {
  const { readLoad } = findEntry(objective);
  return readLoad === undefined ? undefined : readWholeRequest(request, readLoad);
}

function findEntry({ metric }: Objective): MetricEntry {
  return METRICS[metric.name as MetricName];
}
