import type { Objective } from '../budget/objective.ts';
import type { EventSeries, RateStep } from '../record/event.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { shareTest } from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach, type VerdictName } from '../statistics/verdict.ts';
import { formatValue } from './format.ts';
import type { Judgement } from './judgement.ts';
import { lacking, reasonForNoData } from './reasons.ts';

type Capacity = Pick<Judgement, 'estimate' | 'interval' | 'verdict' | 'reason' | 'stillNeeded'>;

/** Where the knee lies: the highest rate that was shown to be kept, and the lowest that was shown not to be; null: none was. */
export type Knee = { kept: number | null; notKept: number | null };

/**
 * Finds the knee by the steps of a search. Each step is judged as a quantile is, at error rates that are split over the steps; a step whose
 * load was not offered as scheduled says nothing. What is kept above a rate that is not kept was luck.
 */
export function findKnee(
  steps: readonly RateStep[],
  allowedShare: number,
  { passAlpha, failAlpha }: { passAlpha: number; failAlpha: number },
): Knee {
  const test = shareTest({
    allowedShare,
    passAlpha: passAlpha / Math.max(1, steps.length),
    failAlpha: failAlpha / Math.max(1, steps.length),
  });
  const rates: Record<VerdictName, number[]> = { pass: [], fail: [], inconclusive: [] };
  for (const { ratePerSecond, events, doubt } of steps) {
    const { verdict } = test(tallyEvents(allowedShare, events));
    if (doubt === null) rates[verdict].push(ratePerSecond);
  }
  const notKept = rates.fail.length === 0 ? null : Math.min(...rates.fail);
  const below = rates.pass.filter((rate) => notKept === null || rate < notKept);
  return { kept: below.length === 0 ? null : Math.max(...below), notKept };
}

/** Judges the highest rate that is kept up: it must be shown to lie above the objective. */
export function judgeCapacity(
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
): Capacity {
  const { steps = [], missing } = series;
  const { objective: wanted, unit, allowedShare, keptBelowMs } = objective;
  if (steps.length === 0) {
    const reason = reasonForNoData(series);
    return { estimate: null, interval: [null, null], stillNeeded: null, verdict: 'fail', reason };
  }
  const alphas = { passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) };
  const { kept, notKept } = findKnee(steps, allowedShare, alphas);
  const at = `at a P95 below ${keptBelowMs} ms`;
  const told = [
    kept === null ? 'no rate was shown to be kept' : `${formatValue(kept, unit)} are kept ${at}`,
    notKept === null ? 'none was shown not to be' : `${formatValue(notKept, unit)} are not`,
    ...doubts(steps),
  ].join(', ');
  const reason = `${told}; it must be more than ${formatValue(wanted, unit)}`;
  const found: Capacity = {
    estimate: kept,
    interval: [kept, notKept],
    stillNeeded: null,
    verdict: verdictOf(wanted, { kept, notKept }),
    reason,
  };
  if (found.verdict !== 'pass' || missing === 0) return found;
  const lack = `${lacking(series)}, so nothing can pass; of the rest, ${reason}`;
  return { ...found, verdict: 'inconclusive', reason: lack };
}

function verdictOf(wanted: number, { kept, notKept }: Knee): VerdictName {
  if (notKept !== null && notKept <= wanted) return 'fail';
  return kept !== null && kept > wanted ? 'pass' : 'inconclusive';
}

function doubts(steps: readonly RateStep[]): string[] {
  const doubted = steps.filter(({ doubt }) => doubt !== null);
  const [first] = doubted;
  if (first === undefined) return [];
  const rates = doubted.map(({ ratePerSecond }) => ratePerSecond).join(', ');
  return [`of ${rates} nothing is known, since ${first.doubt}`];
}
