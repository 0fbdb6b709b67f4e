import { metricOf } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import { endOf } from '../core/record/derivations/attempts.ts';
import type { Event, EventSeries, Events } from '../core/record/event.ts';
import type { ModelCallLine, RequestLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { shortText } from '../core/shortText.ts';
import { formatValue } from '../core/verdict/formatValue.ts';

const HOW_MANY = 5;

/** A measurement in words: what was seen, when, and how to find it again. */
export type Finding = { seen: string; at: string; whose: string };

/** The five measurements that say most against an objective: the greatest values, the smallest where more is better, or the first bad ones. None where it takes all of them. */
export function worstMeasurements(
  objective: Objective,
  { events }: EventSeries,
  { requests, modelCalls }: RunRecord,
): Finding[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  const calls = Map.groupBy(modelCalls, ({ scope, index }) => `${scope}-${index}`);
  return worst(objective, events).map((event) => ({
    seen: describeSeen(objective, event, byId.get(event.id), calls.get(event.id) ?? []),
    at: new Date(event.atMs).toISOString(),
    whose: describeWhose(event),
  }));
}

function worst({ metric }: Objective, events: Events): Event[] {
  const { kind, wantsMore } = metricOf(metric);
  // No single value says that they grow.
  if (kind === 'growth') return [];
  if (kind === 'share' || kind === 'never') {
    return [...events].filter(({ bad }) => bad).slice(0, HOW_MANY);
  }
  const falling = greatestFirst(events);
  return (wantsMore === true ? falling.reverse() : falling).slice(0, HOW_MANY);
}

/** Those that have a value. */
export function greatestFirst(events: Events): Event[] {
  const valued = [...events].filter((event) => event.value !== null);
  return valued.sort((a, b) => Number(b.value) - Number(a.value));
}

function describeWhose({ id, requestId, tenant }: Event): string {
  const whose = requestId === null ? `measurement ${id}` : `request ${plainText(requestId)}`;
  return tenant === null ? whose : `${whose}, ${plainText(tenant)}`;
}

/** Enough to know an answer by. */
const MOST_CHARACTERS = 160;

/** What was seen of one event, in words: its value, what a check objected to, what its calls of the model came to, or why it failed. */
export function describeSeen(
  { metric, unit }: Objective,
  { value }: Event,
  request: RequestLine | undefined,
  calls: ModelCallLine[],
): string {
  if (value !== null) {
    const told = metricOf(metric).kind === 'most' ? describeOutcome(request) : null;
    return [formatValue(value, unit), ...(told === null ? [] : [told])].join(', ');
  }
  if (request === undefined) return 'bad';
  if (metric === 'metadata') return describeReported(request);
  const ofCalls = metric === 'retryAfter' ? describeHaste(calls) : describeCalls(calls);
  const seen = SEEN_IN_CALLS.has(metric) ? ofCalls : null;
  return [seen, describeOutcome(request)].filter((part) => part !== null).join('; ') || 'bad';
}

/** What these are bad for shows in the calls of the model, and not in the answer. */
const SEEN_IN_CALLS = new Set<Objective['metric']>([
  'released',
  'workStops',
  'retried',
  'retryAfter',
]);

function describeOutcome(request: RequestLine | undefined): string | null {
  const told = request?.objection ?? request?.failure ?? null;
  return told === null ? null : shortText(told, MOST_CHARACTERS);
}

function describeReported({ values }: RequestLine): string {
  const { latencyMs, totalMs, reportedLatencyMs } = values;
  const inMs = (ms: number | undefined) => (ms === undefined ? 'nothing' : formatValue(ms, 'ms'));
  return `reported ${inMs(reportedLatencyMs)}, measured ${inMs(totalMs ?? latencyMs)}`;
}

/** `1 call of the model, answered with 503 after 12.0 ms`; of several, the one that ended last. Null where none was seen. */
export function describeCalls(calls: ModelCallLine[]): string | null {
  const last = calls.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
  if (last === undefined) return null;
  const what = `${describeEnd(last)} after ${formatValue(last.endedMs, 'ms')}`;
  return calls.length === 1
    ? `1 call of the model, ${what}`
    : `${calls.length} calls of the model, the last ${what}`;
}

/** `called again after 12.0 ms, asked to wait 1000.0 ms`: the attempt that was furthest too early. Null where none followed. */
export function describeHaste(calls: ModelCallLine[]): string | null {
  const pairs = calls.flatMap((call) => {
    const later = calls.filter(
      ({ kind, arrivedAtMs }) => kind === call.kind && arrivedAtMs > call.arrivedAtMs,
    );
    const nextMs = later.reduce((a, b) => Math.min(a, b.arrivedAtMs), Number.POSITIVE_INFINITY);
    if (call.retryAfterMs === null || later.length === 0) return [];
    return [{ waitedMs: nextMs - endOf(call), askedMs: call.retryAfterMs }];
  });
  const worst = pairs.toSorted((a, b) => a.waitedMs - a.askedMs - (b.waitedMs - b.askedMs))[0];
  if (worst === undefined) return null;
  const { waitedMs, askedMs } = worst;
  return `called again after ${formatValue(waitedMs, 'ms')}, asked to wait ${formatValue(askedMs, 'ms')}`;
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
