import { perSecond } from './arrivalModel.ts';
import type { Load } from './loadSchema.ts';

export type Search = NonNullable<Load['search']>;

/** How long a step of a search lasts: as the budget says, or as long as it takes to send the sample budget. */
export function stepDurationSeconds(
  { stepSeconds }: Search,
  ratePerSecond: number,
  sampleBudget: number,
): number {
  return Math.max(stepSeconds, sampleBudget / ratePerSecond);
}

/** A rate that was offered; null: neither kept nor not kept was shown. */
export type TriedRate = { ratePerSecond: number; kept: boolean | null };

/** Factor from one step to the next, as long as rates are kept. */
const FACTOR = 1.5;
/** The search ends if the lowest rate that is not kept is at most this factor above the highest that is. */
const CLOSE_ENOUGH = 1.1;
const MOST_STEPS = 16;

/** Rates rise until one is not kept; then the next lies halfway, on a logarithmic scale, to the highest that is kept. Null: the search is over. */
export function nextRate({ from, to }: Search, tried: readonly TriedRate[]): number | null {
  const highest = perSecond(to);
  const last = tried.at(-1);
  if (last === undefined) return Math.min(perSecond(from), highest);
  if (tried.length >= MOST_STEPS) return null;
  const rates = (wanted: (one: TriedRate) => boolean) =>
    tried.filter(wanted).map(({ ratePerSecond }) => ratePerSecond);
  const notKept = Math.min(...rates((one) => one.kept === false));
  if (notKept === Number.POSITIVE_INFINITY) {
    const top = Math.max(...rates(() => true));
    return top >= highest ? null : Math.min(highest, wholeAboveTen(top * FACTOR));
  }
  const kept = Math.max(0, ...rates((one) => one.kept === true && one.ratePerSecond < notKept));
  // An undecided rate is an upper limit too, so that it is not tried again.
  const undecided = rates(({ ratePerSecond: rate }) => rate > kept && rate < notKept);
  const upper = Math.min(notKept, ...undecided);
  if (kept === 0 || upper / kept <= CLOSE_ENOUGH) return null;
  const middle = wholeAboveTen(Math.sqrt(kept * upper));
  return tried.some(({ ratePerSecond }) => ratePerSecond === middle) ? null : middle;
}

/** Like `nextRate`, but ends with the wanted rate if it lies between the rates that are kept and those that are not. */
export function nextRateFor(
  wanted: number,
  search: Search,
  tried: readonly TriedRate[],
): number | null {
  const next = nextRate(search, tried);
  if (next !== null) return next;
  const wasTried = tried.some(({ ratePerSecond }) => ratePerSecond === wanted);
  const isBelowKept = tried.some((one) => one.kept === true && one.ratePerSecond >= wanted);
  const isAboveNotKept = tried.some((one) => one.kept === false && one.ratePerSecond <= wanted);
  return wasTried || isBelowKept || isAboveNotKept || wanted > perSecond(search.to) ? null : wanted;
}

/** The most that a search may cost: all rates on the way up, and then the highest rate for each further step. */
export function mostExpensiveSteps(search: Search): { ratePerSecond: number }[] {
  const steps: TriedRate[] = [];
  for (let rate = nextRate(search, steps); rate !== null; rate = nextRate(search, steps)) {
    steps.push({ ratePerSecond: rate, kept: true });
  }
  // How often the last factor is halved, on a logarithmic scale, until the search ends.
  const halvings = Math.ceil(Math.log2(Math.log(FACTOR) / Math.log(CLOSE_ENOUGH)));
  // One more for the wanted rate.
  const further = Array.from({ length: halvings + 1 }, () => ({
    ratePerSecond: perSecond(search.to),
  }));
  return [...steps, ...further].slice(0, MOST_STEPS + 1);
}

function wholeAboveTen(rate: number): number {
  return rate > 10 ? Math.round(rate) : Number(rate.toPrecision(2));
}
