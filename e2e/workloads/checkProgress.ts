import type { Objective } from '../core/budget/objective.ts';
import type { ProgressLine } from '../core/environmentVariables.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { isTooDisturbed } from '../core/record/setAside.ts';
import { type EventTally, tallyEvents } from '../core/statistics/eventTally.ts';
import { formatCount } from '../core/verdict/format.ts';
import { type ObjectiveProgress, samplingProgress } from '../core/verdict/sampling.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';

const FEWEST_CONTRADICTED = 10;
const CONTRADICTED_SHARE = 0.1;

/** The events of an objective so far: those that are judged, those that are missing, and those set aside. */
export type ObjectiveTally = {
  objective: Objective;
  tally: EventTally;
  missing: number;
  setAside: number;
};

type ObjectiveStanding = ObjectiveTally & {
  progress: ObjectiveProgress;
  /** Its verdict is clear, its sample budget used up, or more requests would not help. */
  needsNoMore: boolean;
};

export type WorkloadProgress = (ObjectiveStanding & { series: EventSeries })[];

/** Only requests sent before the first one in flight count: otherwise quick answers would count before slow ones that were sent earlier. */
export function checkProgress(
  objectives: readonly Objective[],
  record: Readonly<RunRecord>,
  firstInFlightAtMs = Number.POSITIVE_INFINITY,
): WorkloadProgress {
  const settled = {
    ...record,
    // Sorted, since they are recorded in the order of their ends, and a burst shows in the order of sending.
    requests: selectSettled(record.requests, firstInFlightAtMs),
    samples: selectSettled(record.samples, firstInFlightAtMs),
  };
  return objectives.map((objective) => {
    const series = deriveEvents(objective, settled);
    const tally = tallyEvents(objective.allowedShare, series.events, objective.metric);
    const counts = { objective, tally, missing: series.missing, setAside: series.setAside?.n ?? 0 };
    const standing = checkTally(counts, record.run);
    return { ...standing, series, needsNoMore: standing.needsNoMore || cannotBeMeasured(series) };
  });
}

function selectSettled<Line extends { sentAtMs: number }>(lines: Line[], beforeMs: number): Line[] {
  return lines
    .filter(({ sentAtMs }) => sentAtMs < beforeMs)
    .sort((a, b) => a.sentAtMs - b.sentAtMs);
}

export function checkTally(counts: ObjectiveTally, run: RunLine): ObjectiveStanding {
  const { objective, tally, missing, setAside } = counts;
  const objectivesInRun = Math.max(run.objectives.length, 1);
  const progress = samplingProgress(objective, tally, { ...run.statistics, objectivesInRun });
  const isKept = !isTooDisturbed(setAside, tally.n);
  const isDecided = progress.verdict !== 'inconclusive' && missing === 0 && isKept;
  return { ...counts, progress, needsNoMore: isDecided || progress.exhausted };
}

/** Are there objectives, and does none of them need more? */
export function isEnough(standings: readonly ObjectiveStanding[]): boolean {
  return standings.length > 0 && standings.every(({ needsNoMore }) => needsNoMore);
}

/** Many contradicted values are no accident, and more requests add more. A few may be explained by a stall, which is recorded when it ends. */
function cannotBeMeasured({ events, missing, whyMissing }: EventSeries): boolean {
  return (
    whyMissing !== undefined &&
    missing >= FEWEST_CONTRADICTED &&
    missing > CONTRADICTED_SHARE * (missing + events.length)
  );
}

/** Can requests of this operation still change a verdict? */
export function needsRequests(progress: WorkloadProgress, operation: string): boolean {
  return progress.some(
    ({ objective, needsNoMore }) =>
      !needsNoMore && (objective.operation === operation || objective.spans),
  );
}

/** How many requests may replace those that are set aside: a tenth of all, the most that a verdict allows to be set aside. */
export function maxReplacements(planned: number): number {
  return Math.ceil(planned / 9);
}

/** The progress of a workload for its reader: a note, and which objectives are clear. */
export function describeProgress(
  standings: readonly ObjectiveStanding[],
  note: string,
): Pick<ProgressLine, 'clear' | 'note'> {
  const clear = standings.filter(({ needsNoMore }) => needsNoMore);
  return { clear: clear.map(({ objective }) => objective.id), note };
}

/** What the objective furthest from a verdict still lacks; empty if all are clear. */
export function describeFurthest(progress: WorkloadProgress): string {
  const open = progress.filter(({ needsNoMore }) => !needsNoMore);
  const [furthest] = open.toSorted((a, b) => b.progress.distance - a.progress.distance);
  if (furthest === undefined) return '';
  const { objective, series, progress: reached } = furthest;
  // For a target that answers nothing, this is all there is to see.
  const failed = series.failed === 0 ? '' : `${series.failed} failed, `;
  const lack = describeLack(furthest) ?? reached.words;
  return `${objective.id}: n = ${reached.n}, ${failed}${lack}`;
}

/** Why an objective is open although its events would decide it; null if they would not. */
function describeLack({ progress, missing, setAside }: ObjectiveStanding): string | null {
  if (progress.verdict === 'inconclusive') return null;
  const would = `would ${progress.verdict}, but`;
  return missing > 0
    ? `${would} missing values: ${formatCount(missing)}`
    : `${would} ${formatCount(setAside)} are set aside: replacing them`;
}
