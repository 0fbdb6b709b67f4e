import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { loadUnitOf } from '../load/loadUnit.ts';
import { doubtOfLoad, mostLateMs } from '../record/doubtOfLoad.ts';
import type { RunRecord } from '../record/runRecord.ts';
import type { Judgement } from './judgement.ts';

/**
 * Voids a verdict under a load that was not offered as it was to be, whichever way it went. What was answered with another tenant's data was,
 * however late it was asked; and each step of a search is doubted by itself.
 */
export function voidLoad(
  judgement: Judgement,
  objective: Objective,
  { loads, processes }: Pick<RunRecord, 'loads' | 'processes'>,
): Judgement {
  const load = loads.find(({ workload }) => workload === objective.workload);
  const { kind } = metricOf(objective.metric);
  const isRefuted = kind === 'never' && judgement.verdict === 'fail';
  const unit = loadUnitOf(objective);
  const isOfWhole = unit === 'request' || unit === 'second' || unit === 'window';
  if (load === undefined || judgement.n + judgement.setAside === 0 || isRefuted || !isOfWhole)
    return judgement;
  const ofLoad = processes.filter(({ workload }) => workload === objective.workload);
  const doubt = doubtOfLoad(load, ofLoad, mostLateMs(objective));
  if (doubt === null) return judgement;
  const reason = `${doubt}; as it was offered, ${judgement.reason}`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}
