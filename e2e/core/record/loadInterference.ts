import type { Objective } from '../budget/objective.ts';
import { quantile, sortInPlace } from '../statistics/quantile.ts';
import { GrowingSample, type LoadTable } from './loadTable.ts';
import type { ProcessLine } from './recordLine.ts';

/** Lateness that changes no latency worth telling: part of the objective. */
const TOLERATED_PART = 0.1;
/** What is no quantile of times asks of a schedule only that requests do not come in heaps. */
const TOLERATED_MS = 100;

/** By how much sends may be late at P99 for an objective to be judged by them, in ms. */
export function mostLateMs({ metric, objective, keptBelowMs }: Objective): number {
  if (keptBelowMs !== undefined) return keptBelowMs * TOLERATED_PART;
  const { kind, unit } = metric;
  return kind === 'quantile' && unit === 'ms' ? objective * TOLERATED_PART : TOLERATED_MS;
}

/**
 * Why a load says nothing of its target, or null: the generator did not offer it in time, or had no CPU to spare, or the AI mock had none.
 * Late sends come in heaps and out of step with the schedule, which can flatter as well as harm, so that nothing is judged by them.
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

/** Every objective of a load asks for it, and a table does not change. */
const lateness = new WeakMap<LoadTable, number | null>();

/** Null where nothing was sent. */
export function latenessP99Ms(table: LoadTable): number | null {
  let p99Ms = lateness.get(table);
  if (p99Ms === undefined) {
    const late = new GrowingSample(table.n);
    for (const { lateMs } of table.judged()) if (lateMs !== null) late.add(lateMs);
    p99Ms = late.values.length === 0 ? null : quantile(sortInPlace(late.values), 0.99);
    lateness.set(table, p99Ms);
  }
  return p99Ms;
}

/** One thread can use one core; beyond this part of it, work waits. */
const SATURATED_CPU_SHARE = 0.9;

/** Had a process of one thread no CPU to spare? What is not known is not held against it. */
export function isSaturated(cpuShare: number | null): boolean {
  return cpuShare !== null && cpuShare >= SATURATED_CPU_SHARE;
}
