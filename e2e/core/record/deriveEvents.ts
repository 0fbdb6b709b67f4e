import type { Objective } from '../budget/objective.ts';
import type { Event, EventSeries } from './event.ts';
import { metadataAgrees } from './metadataAgrees.ts';
import type { ModelCallLine, RequestLine } from './recordLine.ts';
import type { RunRecord } from './runRecord.ts';

/**
 * Turns the record of a run into the events of one objective. Latency objectives take answered requests, availability takes all,
 * requests under an injected fault and warm-up requests take part in neither. The operation `api` is every operation together.
 * A request whose value was not recorded makes no event; what that does to a verdict is for the judge to say.
 */
export function deriveEvents(objective: Objective, record: RunRecord): EventSeries {
  const requests = record.requests.filter(
    (request) =>
      !request.warmUp &&
      request.fault === null &&
      (objective.workload === null || request.workload === objective.workload) &&
      (objective.operation === 'api' || request.operation === objective.operation),
  );
  const answered = requests.filter((request) => request.failure === null);
  const failed = requests.length - answered.length;
  if (objective.metric === 'availability') {
    return {
      failed,
      missing: 0,
      events: requests.map((r) => toEvent(r, null, r.failure !== null)),
    };
  }
  if (objective.metric === 'metadata') {
    // Without a round trip of a no-op there is nothing to hold a reported latency against.
    if (record.noops.length === 0) return { failed, missing: answered.length, events: [] };
    const agrees = metadataAgrees(record.noops);
    return { failed, missing: 0, events: answered.map((r) => toEvent(r, null, !agrees(r))) };
  }
  const readValue = valueReader(objective, record);
  const events = answered.flatMap((request) => {
    const value = readValue(request);
    return value === undefined ? [] : [toEvent(request, value, isBad(value, objective))];
  });
  return { failed, missing: answered.length - events.length, events };
}

/** A latency is bad at the objective or above it: "under 2000 ms" is not met by 2000 ms. A count is bad above it. */
function isBad(value: number, objective: Objective): boolean {
  return objective.quantile === null ? value > objective.objective : value >= objective.objective;
}

function valueReader(
  { metric }: Objective,
  record: RunRecord,
): (request: RequestLine) => number | undefined {
  if (metric === 'latency') return (request) => request.values.latencyMs;
  if (metric === 'firstChunk') return (request) => request.values.firstChunkMs;
  const calls = Map.groupBy(record.modelCalls, (call) => `${call.scope}-${call.index}`);
  if (metric === 'modelCalls') return (request) => calls.get(request.id)?.length;
  return (request) => {
    const latencyMs = request.values.totalMs ?? request.values.latencyMs;
    const modelMs = sumOfDurations(calls.get(request.id));
    return latencyMs === undefined || modelMs === undefined ? undefined : latencyMs - modelMs;
  };
}

/** Known only where every call was seen to its end. */
function sumOfDurations(calls: ModelCallLine[] | undefined): number | undefined {
  const durations = calls?.map((call) => call.durationMs);
  if (durations === undefined || !durations.every((ms) => ms !== null)) return undefined;
  return durations.reduce((sum, ms) => sum + ms, 0);
}

function toEvent(request: RequestLine, value: number | null, bad: boolean): Event {
  const { id, sentAtMs: atMs, requestId, tenant } = request;
  return { id, atMs, bad, value, requestId, tenant };
}
