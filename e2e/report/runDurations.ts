import { percent } from '../core/budget/objective.ts';
import { measurementsOf, type RunRecord } from '../core/record/runRecord.ts';
import { alignRows } from '../core/table.ts';
import { formatCount } from '../core/verdict/format.ts';
import { counted } from './describeSummary.ts';

type WorkloadDuration = {
  workload: string;
  /** From the start of the run. */
  fromMs: number;
  /** From its start to its end. */
  durationMs: number;
  /** Its share of the run: workloads that run at the same time share that time evenly. */
  countedMs: number;
  /** Requests and samples, warm-up included. */
  requests: number;
  /** Names of the workloads that ran at the same time. */
  beside: string[];
};

/** Where the time of a run went. `countedMs` of the workloads and the rest add up to the run. */
export type RunDurations = {
  durationMs: number;
  workloads: WorkloadDuration[];
  rest: {
    /** The set-up: from the start of the run to the first workload. */
    beforeMs: number;
    /** No workload ran between the first and the last one: tests, and starts of browsers. */
    betweenMs: number;
    /** From the end of the last workload to the end of the run. */
    afterMs: number;
  };
};

type Span = { workload: string; fromMs: number; untilMs: number };

/**
 * Divides a run among its workloads, by the start and completion that the record has of each. A workload that was never complete lasts to
 * the end of the run.
 * @param run its start since the epoch, and how long it took
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
  const parts = splitTime(spans);
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
        requests: countRequests(workload, record),
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

/** Cuts the time from the first start to the last end wherever a workload begins or ends. Each part has the workloads that run in it. */
function splitTime(spans: readonly Span[]): { durationMs: number; running: string[] }[] {
  const cuts = [...new Set(spans.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]))].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((untilMs, at) => {
    const fromMs = cuts[at] ?? untilMs;
    const running = spans.filter((span) => span.fromMs <= fromMs && span.untilMs >= untilMs);
    return { durationMs: untilMs - fromMs, running: running.map(({ workload }) => workload) };
  });
}

function countRequests(
  workload: string,
  record: Pick<RunRecord, 'requests' | 'samples' | 'loads'>,
): number {
  const single = measurementsOf(record).filter((line) => line.workload === workload).length;
  return single + sum(record.loads.filter((load) => load.workload === workload).map(({ n }) => n));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A line for each workload and for the rest. The counted times add up to the run. */
export function formatDurations({ durationMs, workloads, rest }: RunDurations): string[] {
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
