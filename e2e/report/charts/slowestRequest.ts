import { inWords, type Objective } from '../../core/budget/objective.ts';
import type { Event, EventSeries, Events } from '../../core/record/event.ts';
import type { MeasuredValues, MeasurementLine } from '../../core/record/measurementLine.ts';
import { endOfCall, type ModelCallLine } from '../../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../../core/record/runRecord.ts';
import { formatValue } from '../../core/verdict/format.ts';
import type { Waterfall, WaterfallRow, WaterfallSegment } from './waterfallChart.ts';

/** With its calls of the model in the order of arrival. */
export type SlowestRequest = { request: MeasurementLine; totalMs: number; calls: ModelCallLine[] };

/** The slowest request that an objective judges. Null if the objective is not about time, or the request has no duration. */
export function findSlowestRequest(
  objective: Objective,
  { events }: EventSeries,
  record: RunRecord,
): SlowestRequest | null {
  if (objective.unit !== 'ms') return null;
  const [worst] = greatestFirst(events);
  const request = measurementsOf(record).find(({ id }) => id === worst?.id);
  if (request === undefined) return null;
  const { scope, index } = request;
  return joinCalls(
    request,
    record.modelCalls.filter((call) => call.scope === scope && call.index === index),
  );
}

/** A request with its calls; null if it has no duration. */
export function joinCalls(
  request: MeasurementLine,
  calls: readonly ModelCallLine[],
): SlowestRequest | null {
  const { totalMs, latencyMs, endedMs }: MeasuredValues = request.values;
  const wholeMs = totalMs ?? latencyMs ?? endedMs;
  if (wholeMs === undefined) return null;
  const inOrder = calls.toSorted((a, b) => a.arrivedAtMs - b.arrivedAtMs);
  return { request, totalMs: wholeMs, calls: inOrder };
}

/** Rows for the whole request, its phases if a page sent it, and each call of the model. */
export function buildWaterfall({ request, totalMs, calls }: SlowestRequest): Waterfall {
  const { operation, id, sentAtMs } = request;
  const requestId = 'requestId' in request ? request.requestId : null;
  return {
    title: `${inWords(operation)}, ${requestId == null ? `measurement ${id}` : `request ${requestId}`}`,
    totalMs: Math.max(totalMs, ...calls.map((call) => endOfCall(call) - sentAtMs)),
    rows: [wholeRow(request, totalMs), ...phaseRows(request), ...callRows(calls, sentAtMs)],
  };
}

function wholeRow({ type, values }: MeasurementLine, totalMs: number): WaterfallRow {
  const { firstChunkMs, firstByteMs }: MeasuredValues = values;
  const firstMs = firstChunkMs ?? firstByteMs;
  const isPage = type === 'iteration' || type === 'visit';
  const label = isPage ? 'answer on the page' : 'request';
  if (firstMs === undefined || firstMs >= totalMs) {
    return { label, segments: [{ name: 'whole answer', fromMs: 0, toMs: totalMs }] };
  }
  const [first, rest] = isPage
    ? (['until the first words', 'until the last'] as const)
    : (['until the first byte', 'rest'] as const);
  const segments = [
    { name: first, fromMs: 0, toMs: firstMs },
    { name: rest, fromMs: firstMs, toMs: totalMs },
  ];
  return { label, segments };
}

function phaseRows(request: MeasurementLine): WaterfallRow[] {
  if (!('phases' in request) || request.phases === undefined) return [];
  const { phases, sentAtMs } = request;
  const segments = phaseSegments(phases, Math.max(0, phases.startedAtMs - sentAtMs));
  return segments.length === 0 ? [] : [{ label: 'request to the API', segments }];
}

function callRows(calls: ModelCallLine[], sentAtMs: number): WaterfallRow[] {
  return calls.map((call) => {
    const fromMs = Math.max(0, call.arrivedAtMs - sentAtMs);
    return {
      label: `model: ${call.kind}, attempt ${call.attempt}`,
      segments: [{ name: 'call of the model', fromMs, toMs: fromMs + call.endedMs }],
      note: describeEnd(call),
    };
  });
}

/** `took 399.0 ms: 369.0 ms of its own and 30.0 ms in its call of the model`; null if it called no model. */
export function describeSlowest({ request, totalMs, calls }: SlowestRequest): string | null {
  if (calls.length === 0) return null;
  const modelMs = timeOfModel({ request, totalMs, calls });
  const [whole, model, rest] = [totalMs, modelMs, totalMs - modelMs].map((ms) =>
    formatValue(ms, 'ms'),
  );
  const itsCalls = calls.length === 1 ? 'its call' : `its ${calls.length} calls`;
  const parts = [`${rest} of its own`, `${model} in ${itsCalls} of the model`];
  if (modelMs > totalMs / 2) parts.reverse();
  return `took ${whole}: ${parts.join(' and ')}`;
}

/** For how long at least one call of the model was under way. */
export function timeOfModel({ request, totalMs, calls }: SlowestRequest): number {
  return coveredMs(
    calls.map((call) => [call.arrivedAtMs, endOfCall(call)]),
    [request.sentAtMs, request.sentAtMs + totalMs],
  );
}

/** The part of a period that intervals cover; they may overlap. */
function coveredMs(
  intervals: [fromMs: number, toMs: number][],
  [startMs, endMs]: [number, number],
): number {
  let covered = 0;
  let atMs = startMs;
  for (const [fromMs, toMs] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const from = Math.max(fromMs, atMs);
    const to = Math.min(toMs, endMs);
    if (to <= from) continue;
    covered += to - from;
    atMs = to;
  }
  return covered;
}

/** In the order in which they take place. */
const PHASES = [
  ['queueMs', 'queued'],
  ['dnsMs', 'DNS'],
  ['connectMs', 'connect'],
  ['tlsMs', 'TLS'],
  ['sendMs', 'sent'],
  ['waitMs', 'waiting'],
  ['downloadMs', 'download'],
] as const;

/** The phases of a page's request as consecutive segments, without those that did not take place. */
export function phaseSegments(
  phases: Record<(typeof PHASES)[number][0], number | null>,
  fromMs: number,
): WaterfallSegment[] {
  let atMs = fromMs;
  return PHASES.flatMap(([key, name]) => {
    const lastsMs = phases[key];
    if (lastsMs === null) return [];
    const segment = { name, fromMs: atMs, toMs: atMs + lastsMs };
    atMs = segment.toMs;
    return [segment];
  });
}

/** The events with a value. */
export function greatestFirst(events: Events): Event[] {
  const valued = [...events].filter((event) => event.value !== null);
  return valued.sort((a, b) => Number(b.value) - Number(a.value));
}

/** `answered with 503`, `given up`. */
export function describeEnd(call: ModelCallLine): string {
  return ENDS[call.end](call);
}

const ENDS: Record<ModelCallLine['end'], (call: ModelCallLine) => string> = {
  answered: ({ status }) => (status === null ? 'answered' : `answered with ${status}`),
  aborted: () => 'given up',
  brokenOff: () => 'broken off by the model',
  open: () => 'still open',
};
