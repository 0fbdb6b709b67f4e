import type { Objective } from '../budget/objective.ts';
import type { Event, Events } from '../record/event.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { addEvent, type EventTally, startTally } from '../statistics/eventTally.ts';
import {
  quantile,
  quantileInterval,
  type SortedSample,
  sortInPlace,
  valueOfRank,
} from '../statistics/quantile.ts';
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
  events: Events,
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
  const values = collectNumbers(events, ({ value }) =>
    isNegated ? negate(value ?? Number.NaN) : (value ?? Number.NaN),
  );
  const sample = sortInPlace(values.slice());
  const range = sampleRange(isNegated ? sortInPlace(sample.map(negate)) : sample);
  if (objective.quantile === null) {
    return { ...range, estimate: range.max, interval: [range.max, null] };
  }
  const verdictIf = verdictIfGreatestAreBad(sample, values, events, tally, plan);
  const near = n * plan.allowedShare;
  const [lower, upper] = quantileInterval(sample, verdictIf, { bad, near });
  const middle = quantile(sample, objective.quantile);
  if (!isNegated) return { ...range, estimate: middle, interval: [lower, upper] };
  const negateEnd = (end: number | null) => (end === null ? null : negate(end));
  return { ...range, estimate: negate(middle), interval: [negateEnd(upper), negateEnd(lower)] };
}

/** The verdict of the test if the `bad` greatest values were bad, and all values equal to the smallest of them. */
function verdictIfGreatestAreBad(
  sample: SortedSample,
  values: Float64Array,
  events: Events,
  { allowedShare, mostInABurst }: EventTally,
  plan: ShareTestPlan,
): (bad: number) => VerdictName {
  const test = shareTest(plan);
  const timesMs = collectNumbers(events, ({ atMs }) => atMs);
  return (bad) => {
    const limit = sample[sample.length - bad] ?? Number.POSITIVE_INFINITY;
    const tally = startTally(allowedShare, { mostInABurst });
    for (let at = 0; at < values.length; at++) {
      addEvent(tally, (values[at] as number) >= limit, timesMs[at]);
    }
    return test(tally).verdict;
  };
}

/** A number of each event. `Float64Array.from` would make a list of all events first. */
function collectNumbers(events: Events, numberOf: (event: Event) => number): Float64Array {
  const numbers = new Float64Array(events.length);
  let at = 0;
  for (const event of events) numbers[at++] = numberOf(event);
  return numbers;
}

function negate(value: number): number {
  // Not −value: reports would show −0 with its sign.
  return 0 - value;
}

function sampleRange(sample: SortedSample): { min: number; max: number; median: number } {
  return {
    min: valueOfRank(sample, 1),
    max: valueOfRank(sample, sample.length),
    median: quantile(sample, 0.5),
  };
}
