import type { Objective } from '../budget/objective.ts';
import { isSaturated } from '../record/isSaturated.ts';
import type { HarnessLine, NoopLine } from '../record/recordLine.ts';
import { quantile, sortSample } from '../statistics/quantile.ts';

/** What the harness and the AI mock may have added to each value of an objective, stalls left out. */
export type HarnessAllowance = {
  /** Time that 99 of 100 values were delayed by at most: timers and event loop of the harness, and the AI mock where it takes part. */
  addedMs: number;
  /** The harness used all the CPU that one process can, so its delays have no bound. */
  saturated: boolean;
  /** Median round trip of a request that does no work: what lies below cannot be seen. Null where none was measured. */
  floorMs: number | null;
  /** What this runtime could not measure. It is neither held against a verdict nor taken for zero in the report. */
  unknown: string[];
};

/** Gathers the allowance of an objective from the lines of its workload, or of all where it is judged over all. The worst counts. */
export function harnessAllowance(
  { workload, metric }: Objective,
  record: { harness: readonly HarnessLine[]; noops: readonly NoopLine[] },
): HarnessAllowance {
  const isMine = (line: { workload: string }) => workload === null || line.workload === workload;
  const lines = record.harness.filter(isMine);
  const roundTripsMs = record.noops.filter(isMine).map((noop) => noop.roundTripMs);
  const worst = (key: (typeof MEASURED)[number]['key']): number | null => {
    const known = lines.map((line) => line[key]).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  // Own time is what is left when the model's time, lateness included, is taken off.
  const modelLateMs = metric === 'ownTime' ? null : worst('modelLateP99Ms');
  return {
    addedMs:
      Math.max(worst('lateP99Ms') ?? 0, worst('eventLoopDelayP99Ms') ?? 0) + (modelLateMs ?? 0),
    saturated: isSaturated(worst('cpuShare')),
    floorMs: roundTripsMs.length === 0 ? null : quantile(sortSample(roundTripsMs), 0.5),
    unknown: MEASURED.filter(
      ({ key }) => lines.length === 0 || lines.some((l) => l[key] === null),
    ).map(({ name }) => name),
  };
}

const MEASURED = [
  { key: 'lateP99Ms', name: 'lateness of sends' },
  { key: 'eventLoopDelayP99Ms', name: 'event-loop delay of the harness' },
  { key: 'modelLateP99Ms', name: 'lateness of the AI mock' },
  { key: 'stolenShare', name: 'stolen CPU time' },
  { key: 'cpuShare', name: 'CPU of the harness' },
] as const;
