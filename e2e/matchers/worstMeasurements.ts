import { METRICS } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import type { Event, EventSeries } from '../core/record/event.ts';
import type { RequestLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { formatValue } from '../core/verdict/formatValue.ts';

const HOW_MANY = 5;

/** A measurement in words: what was seen, when, and how to find it again. */
export type Finding = { seen: string; at: string; whose: string };

/** The five measurements that say most against an objective: the greatest values, or of shares the first bad ones. */
export function worstMeasurements(
  objective: Objective,
  { events }: EventSeries,
  { requests }: RunRecord,
): Finding[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  return worst(objective, events).map((event) => ({
    seen: describeSeen(objective, event, byId.get(event.id)),
    at: new Date(event.atMs).toISOString(),
    whose: describeWhose(event),
  }));
}

function worst({ metric }: Objective, events: Event[]): Event[] {
  if (METRICS[metric].kind === 'share') return events.filter(({ bad }) => bad).slice(0, HOW_MANY);
  const valued = events.filter((event) => event.value !== null);
  return valued.sort((a, b) => Number(b.value) - Number(a.value)).slice(0, HOW_MANY);
}

function describeSeen(
  { metric, unit }: Objective,
  { value }: Event,
  request: RequestLine | undefined,
): string {
  if (value !== null) return formatValue(value, unit);
  if (request === undefined) return 'bad';
  if (metric === 'availability') return plainText(request.failure ?? 'failed');
  const { latencyMs, totalMs, reportedLatencyMs } = request.values;
  const measured = totalMs ?? latencyMs;
  const reported =
    reportedLatencyMs === undefined ? 'nothing' : formatValue(reportedLatencyMs, 'ms');
  return `reported ${reported}, measured ${measured === undefined ? 'nothing' : formatValue(measured, 'ms')}`;
}

function describeWhose({ id, requestId, tenant }: Event): string {
  const whose = requestId === null ? `measurement ${id}` : `request ${plainText(requestId)}`;
  return tenant === null ? whose : `${whose}, ${plainText(tenant)}`;
}
