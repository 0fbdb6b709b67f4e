import type { RunRecord } from '../core/record/runRecord.ts';
import type { Judgement } from '../core/verdict/judgement.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';

import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import type { Flavour } from './flavours.ts';
import { searchedBy } from './searched.ts';

/** What a flavour of SalesTalk comes to. */
export type Verdicts = {
  all: Judgement[];
  red: Judgement[];
  /** Ids of the objectives that are met. */
  green: string[];
  /** Ids of all that were judged. */
  judged: string[];
};

/** Judges a flavour by all objectives that were looked for. */
export function verdictsOf(
  record: RunRecord,
  { by, situations, pages }: Pick<Flavour, 'by' | 'situations' | 'pages'>,
): Verdicts {
  const selected = record.run.objectives
    .filter((objective) => by.some((one) => one === searchedBy(objective)))
    .filter(({ workload }) => pages || workload !== HUNG_PAGE)
    .filter(({ fault, operation }) => fault === null || (situations?.includes(operation) ?? true))
    .map(({ id }) => id);
  const { judgements } = judgeRun(record, { selected });
  return {
    all: judgements,
    red: judgements.filter(({ verdict }) => verdict === 'fail'),
    green: judgements.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
    judged: judgements.map(({ id }) => id),
  };
}
