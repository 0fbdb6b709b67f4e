import { percent } from '../core/budget/objective.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
import { alignRows } from '../core/table.ts';
import { formatCount } from '../core/verdict/format.ts';
import { counted } from './describeSummary.ts';

/** How long a workload took, and its part of the run. */
type WorkloadDuration = {
  workload: string;
  /** Since the run began. */
  fromMs: number;
  /** Start to end, by the wall clock. */
  durationMs: number;
  /** Its part of the run: time that workloads had in common is shared out evenly among them. */
  countedMs: number;
  /** Requests and samples, warm-up among them. */
  requests: number;
  /** Workloads that ran beside it, by name. */
  beside: string[];
};

/** Where the time of a run went. `countedMs` of the workloads and the rest add up to the run. */
export type RunDurations = {
  durationMs: number;
  workloads: WorkloadDuration[];
  rest: {
    /** Start of the run to the first workload: the set-up. */
    beforeMs: number;
    /** While no workload ran between the first and the last one: tests, and starts of browsers. */
    betweenMs: number;
    /** End of the last workload to the end of the run. */
    afterMs: number;
  };
};

type Span = { workload: string; fromMs: number; untilMs: number };

/**
 * Shares a run out over its workloads, by when the record says that each began and was complete. One that never was lasts to the end of the
 * run.
 * @param run when it began, since the epoch, and how long it took
 */
export function runDurations(
  record: Pick<RunRecord, 'workloads' | 'requests' | 'samples' | 'loads'>,
  run: { startedAtMs: number; durationMs: number },
): RunDurations {
  const endMs = run.startedAtMs + run.durationMs;
  const within = (ms: number): number => Math.min(Math.max(ms, run.startedAtMs), endMs);
  const spans = [...Map.groupBy(record.workloads, ({ workload }) => workload)].map(
    ([workload, lines]): Span => {
      const complete = lines.findLast(({ state }) => state === 'complete');
      return {
        workload,
        fromMs: within(Math.min(...lines.map(({ atMs }) => atMs))),
        untilMs: within(complete?.atMs ?? endMs),
      };
    },
  );
  const firstMs = Math.min(endMs, ...spans.map(({ fromMs }) => fromMs));
  const lastMs = Math.max(firstMs, ...spans.map(({ untilMs }) => untilMs));
  const parts = partsBetween(spans);
  const sharedMs = (workload: string): number =>
    sum(
      parts.flatMap(({ durationMs, running }) =>
        running.includes(workload) ? [durationMs / running.length] : [],
      ),
    );
  return {
    durationMs: run.durationMs,
    workloads: spans
      .toSorted((a, b) => a.fromMs - b.fromMs)
      .map(({ workload, fromMs, untilMs }) => ({
        workload,
        fromMs: fromMs - run.startedAtMs,
        durationMs: untilMs - fromMs,
        countedMs: sharedMs(workload),
        requests: requestsOf(workload, record),
        beside: spans
          .filter((other) => other.workload !== workload)
          .filter((other) => other.fromMs < untilMs && other.untilMs > fromMs)
          .map((other) => other.workload),
      })),
    rest: {
      beforeMs: firstMs - run.startedAtMs,
      betweenMs: sum(
        parts.filter(({ running }) => running.length === 0).map(({ durationMs }) => durationMs),
      ),
      afterMs: endMs - lastMs,
    },
  };
}

/** The time from the first start to the last end, cut wherever a workload begins or ends, with those that run in each part. */
function partsBetween(spans: readonly Span[]): { durationMs: number; running: string[] }[] {
  const cuts = [...new Set(spans.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((untilMs, at) => {
    const fromMs = cuts[at] ?? untilMs;
    const running = spans.filter((span) => span.fromMs <= fromMs && span.untilMs >= untilMs);
    return { durationMs: untilMs - fromMs, running: running.map(({ workload }) => workload) };
  });
}

function requestsOf(
  workload: string,
  record: Pick<RunRecord, 'requests' | 'samples' | 'loads'>,
): number {
  const single = measurementsOf(record).filter((line) => line.workload === workload).length;
  return single + sum(record.loads.filter((load) => load.workload === workload).map(({ n }) => n));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Where the time of a run went: a line for each workload and for the rest. The counted times add up to the run. */
export function durationLines({ durationMs, workloads, rest }: RunDurations): string[] {
  const row = (
    name: string,
    countedMs: number,
    [startedAt = '', took = '', requests = '', beside = '']: string[] = [],
  ) => {
    const share = durationMs === 0 ? '' : percent(countedMs / durationMs, 2);
    return [name, startedAt, took, seconds(countedMs), share, requests, beside];
  };
  const rows = [
    ['', 'began at', 'took', 'counted', 'of the run', 'requests', ''],
    row('before the first workload (set-up)', rest.beforeMs),
    ...workloads.map(({ workload, fromMs, durationMs: tookMs, countedMs, requests, beside }) => {
      return row(workload, countedMs, [
        seconds(fromMs),
        seconds(tookMs),
        formatCount(requests),
        beside.length === 0 ? '' : `beside ${counted(beside.length, 'other')}`,
      ]);
    }),
    row('between workloads (tests, browser starts)', rest.betweenMs),
    row('after the last workload (tests, report)', rest.afterMs),
    row('run', durationMs),
  ];
  const lines = alignRows(rows, { right: (column) => column > 0 && column < 6 });
  const isShared = workloads.some(({ beside }) => beside.length > 0);
  return isShared ? [...lines, SHARED_TIME] : lines;
}

const SHARED_TIME = 'Workloads that run side by side share their common time evenly, as counted.';

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
