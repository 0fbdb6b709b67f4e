import type { RunRecord } from '../core/record/runRecord.ts';
import { describeNoEstimate, formatValue } from '../core/verdict/format.ts';
import type { Judgement } from '../core/verdict/judgement.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import { findSuite } from './suites.ts';
import type { Variant } from './variants.ts';

/** The verdicts of a variant. */
export type Verdicts = {
  all: Judgement[];
  red: Judgement[];
  /** Ids of the objectives that are met. */
  green: string[];
};

/** Judges a variant by all objectives of its suites. */
export function judgeVariant(
  record: RunRecord,
  { suites, situations, includesPage }: Pick<Variant, 'suites' | 'situations' | 'includesPage'>,
): Verdicts {
  const selected = record.run.objectives
    .filter((objective) => suites.some((suite) => suite === findSuite(objective)))
    .filter(({ workload }) => includesPage || workload !== HUNG_PAGE)
    .filter(({ fault, operation }) => fault === null || (situations?.includes(operation) ?? true))
    .map(({ id }) => id);
  const { judgements } = judgeRun(record, deriveEvents, { selected });
  return {
    all: judgements,
    red: judgements.filter(({ verdict }) => verdict === 'fail'),
    green: judgements.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
  };
}

/** Message of a failed test: the verdict and the reason of each objective that is red or is expected. */
export function describeVerdicts(all: Judgement[], expected: string[]): string {
  const shown = all.filter(({ id, verdict }) => verdict === 'fail' || expected.includes(id));
  const absent = expected.filter((id) => all.every((judgement) => judgement.id !== id));
  return [
    ...shown.map((judgement) => {
      const { id, verdict, n, bad, estimate, unit, reason } = judgement;
      const value = estimate === null ? describeNoEstimate(judgement) : formatValue(estimate, unit);
      return `${id}: ${verdict} (n = ${n}, ${bad} bad, ${value}): ${reason}`;
    }),
    ...absent.map((id) => `${id}: not judged`),
  ].join('\n');
}
