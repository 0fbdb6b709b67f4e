import { inWords, type Objective, percent } from '../core/budget/objective.ts';
import type { VerdictName } from '../core/statistics/verdict.ts';
import type { Table } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatCount } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

/** `PASS  (31 objectives met, 0 missed, 0 inconclusive, 3 known gaps open, 2 not measured, 49 not selected)`. */
export function describeVerdict(summary: Summary): string {
  const { verdict, objectives, notMeasured, notSelected, knownGaps } = summary;
  const count = (wanted: Mark) => countMarks(objectives, wanted);
  const open = knownGaps.filter(({ state }) => state === 'open').length;
  const parts = [
    `${counted(count('pass'), 'objective')} met`,
    `${count('fail')} missed`,
    `${count('inconclusive')} inconclusive`,
    ...(open === 0 ? [] : [`${counted(open, 'known gap')} open`]),
    `${notMeasured.length} not measured`,
    ...(notSelected.length === 0 ? [] : [`${notSelected.length} not selected`]),
  ];
  return `${verdict.toUpperCase()}  (${parts.join(', ')})`;
}

export type Judged = { objective: Objective; judgement: Summary['objectives'][number] };

/** The judged objectives in the order of the summary, with plain texts as there. */
export function findJudged({ objectives: judgements }: Summary, objectives: Objective[]): Judged[] {
  const plain = objectives.map((one) => {
    return { ...one, id: plainText(one.id), operation: plainText(one.operation) };
  });
  return judgements.flatMap((judgement) => {
    const objective = plain.find(({ id }) => id === judgement.id);
    return objective === undefined ? [] : [{ objective, judgement }];
  });
}

/** What decides the verdict of a run that does not pass, the misses first. */
export function findUnmet(judged: Judged[]): Judged[] {
  const isMissed = ({ judgement }: Judged) => Number(judgement.verdict === 'fail');
  return judged
    .filter(({ judgement: { verdict, knownGap } }) => verdict !== 'pass' && knownGap === null)
    .toSorted((a, b) => isMissed(b) - isMissed(a));
}

/** The verdict of an objective, or that a known gap admits its miss. */
export type Mark = VerdictName | 'knownGap';

export function chooseMark({
  verdict,
  knownGap,
}: Pick<Summary['objectives'][number], 'verdict' | 'knownGap'>): Mark {
  return knownGap === null ? verdict : 'knownGap';
}

export function countMarks(objectives: Parameters<typeof chooseMark>[0][], wanted: Mark): number {
  return objectives.filter((one) => chooseMark(one) === wanted).length;
}

/** `PASS`, `KNOWN GAP`. */
export function formatMark(mark: Mark): string {
  return mark === 'knownGap' ? 'KNOWN GAP' : mark.toUpperCase();
}

/** `2027-01-15T08:00:00.000Z` → `2027-01-15 08:00:00 UTC`. */
export function formatStart(startedAt: string): string {
  return startedAt.replace(/T(.{8}).*/, ' $1 UTC');
}

export const GAP_STATES = { open: 'open', closed: 'closed', notMeasured: 'not measured' } as const;

/** The longest stalls are listed, the others counted. */
const MAX_STALLS = 5;

/** A line for each stall of the target: `answered nothing for 4.0 s from 14:03:12.5 UTC on (24 requests were waiting), in availability`. */
export function stallLines({ run: { stalls } }: Pick<Summary, 'run'>): string[] {
  const shown = stalls.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MAX_STALLS);
  const lines = shown
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .map(({ startedAt, durationMs, waiting, workload }) => {
      const from = startedAt.slice('2027-01-15T'.length, -'00Z'.length);
      return `answered nothing for ${(durationMs / 1000).toFixed(1)} s from ${from} UTC on (${waiting} requests were waiting), in ${workload}`;
    });
  const rest = stalls.length - shown.length;
  return rest === 0 ? lines : [...lines, `and ${rest} shorter ones`];
}

type HarnessWorkload = Summary['harness']['workloads'][number];

/** CPU is a share of one core; event-loop stalls are summed up. */
const HARNESS_COLUMNS: [head: string, cell: (workload: HarnessWorkload) => string][] = [
  ['sent late P50', ({ lateP50Ms }) => milliseconds(lateP50Ms)],
  ['sent late P99', ({ lateP99Ms }) => milliseconds(lateP99Ms)],
  ['own CPU', ({ cpuShare }) => coreShare(cpuShare)],
  ['stolen CPU', ({ stolenShare }) => coreShare(stolenShare)],
  ['event loop P99', ({ eventLoopDelayP99Ms }) => milliseconds(eventLoopDelayP99Ms)],
  ['model late P99', ({ modelLateP99Ms }) => milliseconds(modelLateP99Ms)],
  ['stalls', ({ stallMs }) => milliseconds(stallMs)],
  ['not stolen', ({ ownStallMs }) => milliseconds(ownStallMs)],
];

/** What the harness measured of itself: a row for each of these workloads; null: for all. */
export function harnessTable({ harness }: Summary, wanted: readonly string[] | null = null): Table {
  const shown = harness.workloads.filter(({ workload }) => wanted?.includes(workload) ?? true);
  return {
    head: ['workload', ...HARNESS_COLUMNS.map(([head]) => head)],
    rows: shown.map((measured) => [
      inWords(measured.workload),
      ...HARNESS_COLUMNS.map(([, cell]) => cell(measured)),
    ]),
  };
}

export function milliseconds(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? 'unknown' : `${ms.toFixed(1)} ms`;
}

/** CPU time as a share of a core. */
export function coreShare(share: number | null | undefined): string {
  return share === null || share === undefined ? 'unknown' : percent(share, 3);
}

/** `1 test`, `2,301 tests`. */
export function counted(n: number, what: string): string {
  return `${formatCount(n)} ${what}${n === 1 ? '' : 's'}`;
}
