import type { Objective } from '../budget/objective.ts';
import type { EventColumns } from '../record/event.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { type EventTally, type EventTimes, tallyColumns } from '../statistics/eventTally.ts';
import { quantile, quantileInterval, Ranking, valueOfRank } from '../statistics/quantile.ts';
import { shareBounds, shareTest } from '../statistics/shareTest.ts';
import type { ShareTestPlan, VerdictName } from '../statistics/verdict.ts';
import type { Judgement } from './judgement.ts';

export type Estimate = Pick<Judgement, 'estimate' | 'interval' | 'min' | 'max' | 'median'>;

export const NO_ESTIMATE: Estimate = {
  estimate: null,
  interval: [null, null],
  min: null,
  max: null,
  median: null,
};

/**
 * Estimates what an objective limits, in its unit. A quantile or a share of good events has the interval that inverts the test that
 * decides. If no value may exceed the objective, the estimate is the greatest value, which has no upper bound.
 * @param events at least one
 */
export function estimate(
  objective: Objective,
  events: EventColumns,
  tally: EventTally,
  plan: ShareTestPlan,
): Estimate {
  const { n, bad } = tally;
  const { kind, wantsMore, limitsBadShare } = objective.metric;
  if (kind === 'zeroTolerance') {
    // The number of events was declared in advance and is looked at once, so the exact bound holds.
    const mostBad = exactUpperBound(bad, n, plan.passAlpha);
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, bad === 0 ? 1 : null] };
  }
  if (kind === 'share') {
    const [leastBad, mostBad] = shareBounds(tally, plan);
    if (limitsBadShare === true) {
      return { ...NO_ESTIMATE, estimate: bad / n, interval: [leastBad, mostBad] };
    }
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, 1 - leastBad] };
  }
  // If more is better, the low values are bad: negated, they are the high ones.
  const isNegated = wantsMore === true;
  const numbers = isNegated ? events.values.map(negate) : events.values;
  const sample = new Ranking(numbers);
  const range = sampleRange(isNegated ? new Ranking(events.values) : sample);
  if (objective.quantile === null) {
    return { ...range, estimate: range.max, interval: [range.max, null] };
  }
  const verdictIf = verdictIfGreatestAreBad(sample, { numbers, atMs: events.atMs }, tally, plan);
  const near = n * plan.allowedShare;
  const [lower, upper] = quantileInterval(sample, verdictIf, { bad, near });
  const middle = quantile(sample, objective.quantile);
  if (!isNegated) return { ...range, estimate: middle, interval: [lower, upper] };
  const negateEnd = (end: number | null) => (end === null ? null : negate(end));
  return { ...range, estimate: negate(middle), interval: [negateEnd(upper), negateEnd(lower)] };
}

/** The verdict of the test if the `bad` greatest values were bad, and all values equal to the smallest of them. */
function verdictIfGreatestAreBad(
  sample: Ranking,
  columns: { numbers: Float64Array; atMs: EventTimes },
  { allowedShare, mostInABurst }: EventTally,
  plan: ShareTestPlan,
): (bad: number) => VerdictName {
  const test = shareTest(plan);
  // Among millions of values many are equal, and each look is a pass over all.
  const verdicts = new Map<number, VerdictName>();
  return (bad) => {
    const limit = sample.at(sample.length - bad) ?? Number.POSITIVE_INFINITY;
    const known = verdicts.get(limit);
    if (known !== undefined) return known;
    const { verdict } = test(tallyColumns(allowedShare, columns, limit, { mostInABurst }));
    verdicts.set(limit, verdict);
    return verdict;
  };
}

function negate(value: number): number {
  // Not −value: reports would show −0 with its sign.
  return 0 - value;
}

function sampleRange(sample: Ranking): { min: number; max: number; median: number } {
  return {
    min: valueOfRank(sample, 1),
    max: valueOfRank(sample, sample.length),
    median: quantile(sample, 0.5),
  };
}
