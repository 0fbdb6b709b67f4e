import type { Objective } from '../core/budget/objective.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { HUNG_PAGE } from '../fixtures/workload/runHungPage.ts';
import type { Flavour, Searched } from './flavours.ts';

/** What a flavour of SalesTalk comes to. */
export type Verdicts = {
  red: Judgement[];
  /** Ids of the objectives that are met. */
  green: string[];
  /** Ids of all that were judged. */
  judged: string[];
};

/** Judges a flavour by all objectives that were looked for. */
export function verdictsOf(record: RunRecord, { by, pages }: Flavour): Verdicts {
  const selected = record.run.objectives
    .filter((objective) => by.some((one) => one === searchedBy(objective)))
    .filter(({ workload }) => pages || workload !== HUNG_PAGE)
    .map(({ id }) => id);
  const { judgements } = judgeRun(record, { selected });
  return {
    red: judgements.filter(({ verdict }) => verdict === 'fail'),
    green: judgements.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
    judged: judgements.map(({ id }) => id),
  };
}

/** What shows whether an objective is met; null where no flavour is looked at for it. */
export function searchedBy({ workload, fault, metric }: Objective): Searched | null {
  if (workload === 'outage') return 'outage';
  if (fault !== null) return 'misbehavingModel';
  if (metric === 'isolation' || metric === 'fairness') return 'tenants';
  if (metric === 'availability') return 'availability';
  return workload === 'latencyBaseline' ? 'baseline' : null;
}
