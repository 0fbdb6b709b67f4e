import type { Event, EventSeries } from './event.ts';
import { metadataAgrees } from './metadataAgrees.ts';
import type { Objective } from './objective.ts';
import type { RequestLine } from './recordLine.ts';
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
      (objective.operation === 'api' || request.operation === objective.operation),
  );
  const answered = requests.filter((request) => request.failure === null);
  const failed = requests.length - answered.length;
  switch (objective.metric) {
    case 'availability':
      return { failed, events: requests.map((r) => toEvent(r, null, r.failure !== null)) };
    case 'metadata': {
      const agrees = metadataAgrees(record.noops);
      return { failed, events: answered.map((r) => toEvent(r, null, !agrees(r))) };
    }
    case 'latency':
      return { failed, events: fromValues(answered, (r) => r.values.latencyMs, objective) };
    case 'firstChunk':
      return { failed, events: fromValues(answered, (r) => r.values.firstChunkMs, objective) };
    case 'ownTime': {
      const modelMs = modelTime(record);
      const ownTime = (r: RequestLine): number | undefined => {
        const model = modelMs.get(r.id);
        const latency = r.values.totalMs ?? r.values.latencyMs;
        return model === undefined || latency === undefined ? undefined : latency - model;
      };
      return { failed, events: fromValues(answered, ownTime, objective) };
    }
    case 'modelCalls': {
      const calls = modelCallCounts(record);
      const events = answered
        .filter((r) => calls.has(r.id))
        .map((r) => {
          const count = calls.get(r.id) as number;
          return toEvent(r, count, count > objective.objective);
        });
      return { failed, events };
    }
  }
}

/** A latency is bad at the objective or above it: "under 2000 ms" is not met by 2000 ms. */
function fromValues(
  requests: RequestLine[],
  valueOf: (request: RequestLine) => number | undefined,
  objective: Objective,
): Event[] {
  return requests.flatMap((request) => {
    const value = valueOf(request);
    return value === undefined ? [] : [toEvent(request, value, value >= objective.objective)];
  });
}

function toEvent(request: RequestLine, value: number | null, bad: boolean): Event {
  const { id, sentAtMs: atMs, requestId, tenant } = request;
  return { id, atMs, bad, value, requestId, tenant };
}

/** Milliseconds that the model took for each request, by request id; only where every call of it was seen to its end. */
function modelTime(record: RunRecord): Map<string, number> {
  const sums = new Map<string, number | null>();
  for (const call of record.modelCalls) {
    const id = `${call.scope}-${call.index}`;
    const sum = sums.get(id);
    const known = call.durationMs !== null && sum !== null;
    sums.set(id, known ? (sum ?? 0) + (call.durationMs as number) : null);
  }
  return new Map([...sums].filter((entry): entry is [string, number] => entry[1] !== null));
}

function modelCallCounts(record: RunRecord): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of record.modelCalls) {
    const id = `${call.scope}-${call.index}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
