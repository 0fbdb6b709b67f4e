import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/alignedTable.ts';
import { percent } from '../core/budget/objective.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import type { VerdictName } from '../core/verdict/verdict.ts';

/** `PASS  (31 objectives met, 0 missed, 0 inconclusive, 3 known gaps open, 2 not measured, 49 not selected)`; a miss that a gap admits is told by its gap. */
export function describeVerdict(summary: Summary): string {
  const { verdict, objectives, notMeasured, notSelected, knownGaps } = summary;
  const count = (wanted: Summary['verdict']) =>
    objectives.filter((one) => one.verdict === wanted && one.knownGap === null).length;
  const met = count('pass');
  const open = knownGaps.filter(({ state }) => state === 'open').length;
  const parts = [
    `${met} ${met === 1 ? 'objective' : 'objectives'} met`,
    `${count('fail')} missed`,
    `${count('inconclusive')} inconclusive`,
    ...(open === 0 ? [] : [`${open} known ${open === 1 ? 'gap' : 'gaps'} open`]),
    `${notMeasured.length} not measured`,
    ...(notSelected.length === 0 ? [] : [`${notSelected.length} not selected`]),
  ];
  return `${verdict.toUpperCase()}  (${parts.join(', ')})`;
}

/** Why the verdict is not a pass, line by line, each with what it speaks of. */
export function describeReasons({ reasons, objectives }: Summary): { what: string; why: string }[] {
  return [
    ...reasons.map((why) => ({ what: 'run', why })),
    ...objectives
      .filter(({ verdict, knownGap }) => verdict !== 'pass' && knownGap === null)
      .map(({ id, verdict, reason }) => ({ what: `${verdict}: ${id}`, why: reason })),
  ];
}

/** What a reader is told of an objective in a word: its verdict, or that it is missed and known to be. */
export type Mark = VerdictName | 'knownGap';

export function markOf({
  verdict,
  knownGap,
}: Pick<Summary['objectives'][number], 'verdict' | 'knownGap'>): Mark {
  return knownGap === null ? verdict : 'knownGap';
}

/** `PASS`, `KNOWN GAP`. */
export function markText(mark: Mark): string {
  return mark === 'knownGap' ? 'KNOWN GAP' : mark.toUpperCase();
}

/** More than these are counted, the longest told. */
const MOST = 5;

/** `answered nothing for 4.0 s from 14:03:12.5 UTC on (24 requests were waiting), in availability`, a line for each stall of the target. */
export function stallLines({ run: { stalls } }: Pick<Summary, 'run'>): string[] {
  const shown = stalls.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MOST);
  const lines = shown
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .map(({ startedAt, durationMs, waiting, workload }) => {
      const from = startedAt.slice('2027-01-15T'.length, -'00Z'.length);
      return `answered nothing for ${(durationMs / 1000).toFixed(1)} s from ${from} UTC on (${waiting} requests were waiting), in ${workload}`;
    });
  const rest = stalls.length - shown.length;
  return rest === 0 ? lines : [...lines, `and ${rest} shorter ones`];
}

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
