import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/alignedTable.ts';
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

/** What the cells of a row are: requests sent late, CPU as shares of a core, delay of the event loop, its stalls in all. */
export const HARNESS_COLUMNS = [
  'sent late P50',
  'sent late P99',
  'own CPU',
  'stolen CPU',
  'event loop P99',
  'model late P99',
  'stalls',
  'not stolen',
];

function milliseconds(value: Workload['lateP50Ms']): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} ms`;
}

function share(value: Workload['cpuShare']): string {
  return value === null ? 'unknown' : percent(value, 3);
}

/**
 * The same as a table for the terminal, and the floor under all that was measured.
 * @param workloads those to show; null: all
 */
export function harnessLines(summary: Summary, workloads: readonly string[] | null): string[] {
  const { noopRoundTripMs } = summary.harness;
  const rows = harnessRows(summary)
    .filter(({ workload }) => workloads === null || workloads.includes(workload))
    .map(({ workload, cells }) => [workload, ...cells]);
  const table =
    rows.length === 0 ? [] : alignRows([['', ...HARNESS_COLUMNS], ...rows], FIGURES_ON_THE_RIGHT);
  return noopRoundTripMs === null || workloads !== null
    ? table
    : [...table, `a request that does no work takes ${noopRoundTripMs.toFixed(1)} ms (median)`];
}
