import { percent } from '../core/budget/objective.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

type Workload = Summary['harness']['workloads'][number];

/** What the harness found out about itself, a row for each workload; what the runtime cannot tell is unknown. */
export function harnessRows({ harness }: Summary): { workload: string; cells: string[] }[] {
  return harness.workloads.map((workload) => ({
    workload: workload.workload,
    cells: [
      milliseconds(workload.lateP50Ms),
      milliseconds(workload.lateP99Ms),
      share(workload.cpuShare),
      share(workload.stolenShare),
      milliseconds(workload.eventLoopDelayP99Ms),
      milliseconds(workload.modelLateP99Ms),
      milliseconds(workload.stallMs),
      milliseconds(workload.ownStallMs),
    ],
  }));
}

/** What the cells of a row are. */
export const HARNESS_COLUMNS = [
  'sent late, P50',
  'sent late, P99',
  'own CPU, share of a core',
  'CPU stolen',
  'event-loop delay, P99',
  'model late, P99',
  'event loop stalled, in all',
  'stalled, less stolen CPU time',
];

function milliseconds(value: Workload['lateP50Ms']): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} ms`;
}

function share(value: Workload['cpuShare']): string {
  return value === null ? 'unknown' : percent(value, 3);
}

/** The same in a line for each workload, and the floor under all that was measured. */
export function describeHarness(summary: Summary): string[] {
  const { noopRoundTripMs } = summary.harness;
  const rows = harnessRows(summary).map(({ workload, cells }) => {
    const parts = cells.map((cell, at) => `${HARNESS_COLUMNS[at]}: ${cell}`);
    return `${workload}: ${parts.join('; ')}`;
  });
  return noopRoundTripMs === null
    ? rows
    : [...rows, `a request that does no work takes ${noopRoundTripMs.toFixed(1)} ms (median)`];
}
