import { type EachValue, quantileRank, searchRanks } from '../statistics/quantile.ts';
import { type LoadTable, responseMs } from './loadTable.ts';
import { endOfMeasurement } from './measurementLine.ts';
import { endOfCall, type ModelCallLine } from './recordLine.ts';
import { measurementsOf, type RunRecord } from './runRecord.ts';
import { StallTimes } from './setAside.ts';

/** A time in which the target answered nothing although requests waited for it alone. */
export type TargetStall = {
  /** Of the first request that waited. */
  workload: string;
  /** Since the epoch. */
  fromMs: number;
  durationMs: number;
  /** Requests that were waiting when it ended. */
  waiting: number;
};

/** A shorter silence is not reported. */
const SHORTEST_MS = 1_000;
/** A stall takes a wait that is this many times as long as usual. A target that is always slow is judged by its objectives. */
const TIMES_AS_LONG_AS_USUAL = 5;
/** The usual wait is a low quantile, since a stall may delay most requests of a short run. */
const USUAL_QUANTILE = 0.25;
/** A single request that waits is a slow request. */
const FEWEST_WAITING = 2;
/** An AI mock that answers this late was stalled itself. */
const LATE_MODEL_MS = 200;

/** Finds the stalls of the target, in the order of time. They decide no verdict. */
export function findTargetStalls(record: Readonly<RunRecord>): TargetStall[] {
  const excused = new StallTimes([...record.disturbances, ...findModelStalls(record.modelCalls)]);
  const found = [
    ...stallsOfRequests(record, excused),
    ...record.loads.flatMap((table) => stallsOfLoad(table, excused)),
  ];
  return found.sort((a, b) => a.fromMs - b.fromMs);
}

/** A time in which a request waited for the target alone. */
type Wait = { workload: string; id: string; fromMs: number; untilMs: number };

/**
 * Stalls among recorded requests: for a second or longer the target neither answered nor called the model, while several requests waited
 * for it alone. The time of disturbances of the harness and of late answers of the AI mock is subtracted.
 */
function stallsOfRequests(record: Readonly<RunRecord>, excused: StallTimes): TargetStall[] {
  const waits = findWaits(record);
  const shortestMs = shortestStallMs((visit) => {
    for (const ms of sumByRequest(waits)) visit(ms);
  });
  return findSilences(record).flatMap(([silentFromMs, silentUntilMs]) => {
    const during = waits.flatMap((wait): Wait[] => {
      const fromMs = Math.max(wait.fromMs, silentFromMs);
      const untilMs = Math.min(wait.untilMs, silentUntilMs);
      return untilMs > fromMs ? [{ ...wait, fromMs, untilMs }] : [];
    });
    const [longest] = joinOverlapping(during).toSorted(
      (x, y) => x.fromMs - x.untilMs - y.fromMs + y.untilMs,
    );
    if (longest === undefined) return [];
    const { workload, fromMs, untilMs } = longest;
    const atEnd = during.filter((wait) => wait.untilMs >= untilMs);
    const waiting = new Set(atEnd.map(({ id }) => id)).size;
    const stall = { workload, fromMs, durationMs: untilMs - fromMs, waiting };
    return isStall(stall, shortestMs, excused) ? [stall] : [];
  });
}

/** Joins waits that overlap: callers may leave and others come while nothing is answered. */
function joinOverlapping(waits: readonly Wait[]): Wait[] {
  const all: Wait[] = [];
  for (const wait of waits.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1);
    if (last === undefined || wait.fromMs > last.untilMs) all.push({ ...wait });
    else last.untilMs = Math.max(last.untilMs, wait.untilMs);
  }
  return all;
}

function stallsOfLoad(table: LoadTable, excused: StallTimes): TargetStall[] {
  const shortestMs = shortestStallMs((visit) => {
    for (const { serviceMs } of table.judged()) if (serviceMs !== null) visit(serviceMs);
  });
  return table.silences
    .filter(({ silentMs }) => silentMs >= shortestMs)
    .flatMap(({ atMs, silentMs }) => {
      let waiting = 0;
      for (const row of table.judged()) {
        if (row.dueAtMs < atMs && row.dueAtMs + (responseMs(row) ?? 0) >= atMs) waiting++;
      }
      const { workload } = table;
      const stall = { workload, fromMs: atMs - silentMs, durationMs: silentMs, waiting };
      return isStall(stall, shortestMs, excused) ? [stall] : [];
    });
}

function isStall(
  { fromMs, durationMs, waiting }: TargetStall,
  shortestMs: number,
  excused: StallTimes,
): boolean {
  const ownMs = durationMs - excused.between(fromMs, fromMs + durationMs);
  return ownMs >= shortestMs && ownMs >= durationMs / 2 && waiting >= FEWEST_WAITING;
}

function shortestStallMs(eachWaitMs: EachValue): number {
  const [usualMs = 0] = searchRanks(eachWaitMs, (n) => [quantileRank(n, USUAL_QUANTILE)]);
  return Math.max(SHORTEST_MS, TIMES_AS_LONG_AS_USUAL * usualMs);
}

/**
 * When requests waited for the target alone: before the first call of the model, between calls and after the last. Under a fault only the
 * time before the first call counts, since the target pauses between attempts. A request without a call counts if calls of its workload
 * are known. A no-op waits for the target all the time.
 */
function findWaits({ requests, modelCalls, noops, outages }: Readonly<RunRecord>): Wait[] {
  const calls = Map.groupBy(modelCalls, ({ scope, index }) => `${scope}-${index}`);
  const matched = new Set(modelCalls.map(({ scope }) => scope));
  const refused = new StallTimes(
    outages.map(({ fromMs, untilMs }) => ({ fromMs, durationMs: untilMs - fromMs })),
  );
  const sent = requests.filter(({ values }) => values.endedMs !== undefined);
  const requestWaits = sent.flatMap((request): Wait[] => {
    const { id, workload, scope, sentAtMs, fault } = request;
    const endMs = endOfMeasurement(request);
    const mine = (calls.get(id) ?? []).toSorted((a, b) => a.arrivedAtMs - b.arrivedAtMs);
    if (!matched.has(scope) || refused.between(sentAtMs, endMs) > 0) return [];
    if (fault !== null && mine[0]?.attempt !== 1) return [];
    const starts = [sentAtMs, ...mine.map(endOfCall)];
    const ends = [...mine.map(({ arrivedAtMs }) => arrivedAtMs), endMs];
    const waits = starts.map((fromMs, at) => ({
      ...{ workload, id, fromMs },
      untilMs: Math.min(ends[at] as number, endMs),
    }));
    return (fault === null ? waits : waits.slice(0, 1)).filter((one) => one.untilMs > one.fromMs);
  });
  const noopWaits = noops.map(({ workload, sentAtMs: fromMs, roundTripMs }, at) => {
    return { workload, id: `noop ${at}`, fromMs, untilMs: fromMs + roundTripMs };
  });
  return [...requestWaits, ...noopWaits];
}

/** Times of a second or longer between one sign of life of the target (an answer, a call of the model) and the next. */
function findSilences(record: Readonly<RunRecord>): [number, number][] {
  const { modelCalls, noops } = record;
  const measured = measurementsOf(record);
  // That a caller leaves is no sign of life.
  const answered = measured.filter(({ values }) => !('leftMs' in values));
  const signs = [
    ...answered.map(endOfMeasurement),
    ...noops.map(({ sentAtMs, roundTripMs }) => sentAtMs + roundTripMs),
    ...modelCalls.map(({ arrivedAtMs }) => arrivedAtMs),
  ].sort((a, b) => a - b);
  const [first] = measured.map(({ sentAtMs }) => sentAtMs).sort((a, b) => a - b);
  if (first === undefined) return [];
  const last = Math.max(...measured.map(endOfMeasurement));
  const moments = [first, ...signs, last];
  return moments.slice(1).flatMap((untilMs, at): [number, number][] => {
    const fromMs = moments[at] as number;
    return untilMs - fromMs >= SHORTEST_MS ? [[fromMs, untilMs]] : [];
  });
}

function sumByRequest(waits: readonly Wait[]): number[] {
  const sums = new Map<string, number>();
  for (const { id, fromMs, untilMs } of waits) sums.set(id, (sums.get(id) ?? 0) + untilMs - fromMs);
  return [...sums.values()];
}

/** When the AI mock was stalled, so that its calls ended late. */
function findModelStalls(
  calls: readonly ModelCallLine[],
): { fromMs: number; durationMs: number }[] {
  return calls.flatMap((call) => {
    const { lateMs } = call;
    if (lateMs === null || lateMs < LATE_MODEL_MS) return [];
    return [{ fromMs: endOfCall(call) - lateMs, durationMs: lateMs }];
  });
}
