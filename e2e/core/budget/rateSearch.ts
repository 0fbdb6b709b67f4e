import { perSecond } from './arrivalModel.ts';
import type { Load } from './loadSchema.ts';

export type Search = NonNullable<Load['search']>;

/** How long a step of a search lasts: as the budget says, or as long as it takes to send the sample budget. */
export function secondsOfStep(
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
/** The search ends if the lowest rate that is not kept is at most so much above the highest that is. */
const CLOSE_ENOUGH = 1.1;
const MOST_STEPS = 16;

/**
 * The rate to try next in a search for the knee, in requests per second: upwards until one is not kept, then halfway (on a
 * logarithmic scale) between it and the highest that is kept. Null: the search is over.
 */
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
  // An undecided rate is an upper limit too; else it would be tried again and again.
  const undecided = rates(({ ratePerSecond: rate }) => rate > kept && rate < notKept);
  const upper = Math.min(notKept, ...undecided);
  if (kept === 0 || upper / kept <= CLOSE_ENOUGH) return null;
  const middle = wholeAboveTen(Math.sqrt(kept * upper));
  return tried.some(({ ratePerSecond }) => ratePerSecond === middle) ? null : middle;
}

/** As `nextRate`; at the end also the wanted rate itself, if it lies between the rates that are kept and those that are not. */
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

/** The steps of the most expensive search: all rates on the way up, and the highest for all others. */
export function mostSteps(search: Search): { ratePerSecond: number }[] {
  const steps: TriedRate[] = [];
  for (let rate = nextRate(search, steps); rate !== null; rate = nextRate(search, steps)) {
    steps.push({ ratePerSecond: rate, kept: true });
  }
  // How often the last factor is halved, on a logarithmic scale, until the search ends.
  const halves = Math.log(Math.log(FACTOR) / Math.log(CLOSE_ENOUGH)) / Math.log(2);
  // One more for the wanted rate.
  const between = 1 + Math.ceil(halves);
  const rest = Array.from({ length: between }, () => ({ ratePerSecond: perSecond(search.to) }));
  return [...steps, ...rest].slice(0, MOST_STEPS + 1);
}

function wholeAboveTen(rate: number): number {
  return rate > 10 ? Math.round(rate) : Number(rate.toPrecision(2));
}
