import type { Objective } from '../budget/objective.ts';
import { quantileRank, searchRanks } from '../statistics/quantile.ts';
import type { LoadTable } from './loadTable.ts';
import type { ProcessLine } from './recordLine.ts';

/** The share of a time limit by which sends may be late. So little changes no verdict. */
const TOLERATED_SHARE = 0.1;
/** Where no time is judged, it is enough that late requests do not pile up. */
const TOLERATED_MS = 100;

/** How late sends may be at P99 for an objective to be judged by them. */
export function mostLateMs({ metric, objective, keptBelowMs }: Objective): number {
  if (keptBelowMs !== undefined) return keptBelowMs * TOLERATED_SHARE;
  const { kind, unit } = metric;
  return kind === 'quantile' && unit === 'ms' ? objective * TOLERATED_SHARE : TOLERATED_MS;
}

/**
 * How the harness spoilt a load: it sent late, or it or the AI mock had no CPU to spare. Null if it did not. Late sends pile up, which
 * can make a target look better as well as worse.
 */
export function describeLoadInterference(
  table: LoadTable,
  processes: readonly ProcessLine[],
  mostLateMs: number,
): string | null {
  const lateP99Ms = latenessP99Ms(table);
  if (lateP99Ms !== null && lateP99Ms > mostLateMs) {
    return `the load was not offered as scheduled: sends were late by ${lateP99Ms.toFixed(1)} ms at P99, ${mostLateMs} ms are tolerated`;
  }
  const saturated = processes.find(
    ({ process: name, cpuShare }) => name !== 'target' && isSaturated(cpuShare),
  );
  if (saturated === undefined) return null;
  return `${NAMES[saturated.process]} used ${((saturated.cpuShare ?? 0) * 100).toFixed(0)} % of a core, all that one thread can`;
}

const NAMES = { harness: 'the harness', model: 'the AI mock', target: 'the target' };

/** Kept, since each objective of a load needs it and a table does not change. */
const lateness = new WeakMap<LoadTable, number | null>();

/** How late the judged requests were sent, at P99; null where none was. */
function latenessP99Ms(table: LoadTable): number | null {
  let p99Ms = lateness.get(table);
  if (p99Ms === undefined) {
    const each = (visit: (ms: number) => void) => {
      for (const { lateMs } of table.judged()) if (lateMs !== null) visit(lateMs);
    };
    [p99Ms = null] = searchRanks(each, (n) => [quantileRank(n, 0.99)]);
    lateness.set(table, p99Ms);
  }
  return p99Ms;
}

/** Share of one core, which is all that one thread can use. Above it, work waits. */
const SATURATED_CPU_SHARE = 0.9;

/** Whether a process of one thread had no CPU to spare; false if its share is unknown. */
export function isSaturated(cpuShare: number | null): boolean {
  return cpuShare !== null && cpuShare >= SATURATED_CPU_SHARE;
}
