import { metricOf } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import type { Event, EventSeries, Events } from '../core/record/event.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { describeSeen } from './describeSeen.ts';

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
