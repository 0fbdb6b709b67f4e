import type { Objective } from '../budget/objective.ts';
import type { EventSeries, RateStep } from '../record/event.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { shareTest } from '../statistics/shareTest.ts';
import type { ShareTestPlan, VerdictName } from '../statistics/verdict.ts';
import { formatValue } from './format.ts';
import type { Decision } from './judgement.ts';

/** The knee lies between the highest rate that was shown to be kept and the lowest that was shown not to be. Null: none was. */
type Knee = { kept: number | null; notKept: number | null };

/**
 * Finds the knee from the steps of a search. Each step is tested like a quantile, at levels that are divided by the number of steps
 * (Bonferroni). Steps that the harness interfered with do not count, and a rate that is kept above one that is not kept was luck.
 */
export function findKnee(steps: readonly RateStep[], plan: ShareTestPlan): Knee {
  const { allowedShare, passAlpha, failAlpha } = plan;
  const count = Math.max(1, steps.length);
  const test = shareTest({
    allowedShare,
    passAlpha: passAlpha / count,
    failAlpha: failAlpha / count,
  });
  const rates: Record<VerdictName, number[]> = { pass: [], fail: [], inconclusive: [] };
  for (const { ratePerSecond, events, interference } of steps) {
    const { verdict } = test(tallyEvents(allowedShare, events));
    if (interference === null) rates[verdict].push(ratePerSecond);
  }
  const notKept = rates.fail.length === 0 ? null : Math.min(...rates.fail);
  const below = rates.pass.filter((rate) => notKept === null || rate < notKept);
  return { kept: below.length === 0 ? null : Math.max(...below), notKept };
}

/** Judges the highest rate that is kept: it must be shown to lie above the objective. */
export function judgeCapacity(
  { objective: wanted, unit, keptBelowMs }: Objective,
  { steps = [] }: EventSeries,
  plan: ShareTestPlan,
): Decision {
  const { kept, notKept } = findKnee(steps, plan);
  const at = `at a P95 below ${keptBelowMs} ms`;
  const found = [
    kept === null ? 'no rate was shown to be kept' : `${formatValue(kept, unit)} are kept ${at}`,
    notKept === null ? 'none was shown not to be' : `${formatValue(notKept, unit)} are not`,
    ...describeDoubts(steps),
  ].join(', ');
  const isMissed = notKept !== null && notKept <= wanted;
  const isMet = kept !== null && kept > wanted;
  return {
    estimate: kept,
    interval: [kept, notKept],
    verdict: isMissed ? 'fail' : isMet ? 'pass' : 'inconclusive',
    reason: `${found}; it must be more than ${formatValue(wanted, unit)}`,
    stillNeeded: null,
  };
}

function describeDoubts(steps: readonly RateStep[]): string[] {
  const spoilt = steps.filter(({ interference }) => interference !== null);
  const [first] = spoilt;
  if (first === undefined) return [];
  const rates = spoilt.map(({ ratePerSecond }) => ratePerSecond).join(', ');
  return [`of ${rates} nothing is known, since ${first.interference}`];
}
