import { perSecond } from './arrivalModel.ts';
import type { Load } from './loadSchema.ts';

export type Search = NonNullable<Load['search']>;

/** A rate that was offered; null where what came of it settles nothing. */
export type TriedRate = { ratePerSecond: number; kept: boolean | null };

/** From one step to the next, as long as rates are kept. */
const FACTOR = 1.5;
/** The knee is known well enough once the lowest rate that is not kept is so close to the highest that is. */
const CLOSE_ENOUGH = 1.1;
const MOST_STEPS = 16;

/**
 * The rate to try next in a search for the knee, in requests per second: upwards until one is not kept, then between it and the highest that
 * is; null: the search is over.
 */
export function nextRate({ from, to }: Search, tried: readonly TriedRate[]): number | null {
  const highest = perSecond(to);
  const last = tried.at(-1);
  if (last === undefined) return Math.min(perSecond(from), highest);
  if (tried.length >= MOST_STEPS) return null;
  const notKept = Math.min(
    ...tried.flatMap((one) => (one.kept === false ? [one.ratePerSecond] : [])),
  );
  if (notKept === Number.POSITIVE_INFINITY) {
    const top = Math.max(...tried.map(({ ratePerSecond }) => ratePerSecond));
    return top >= highest ? null : Math.min(highest, whole(top * FACTOR));
  }
  const below = tried.filter(({ ratePerSecond }) => ratePerSecond < notKept);
  const kept = Math.max(
    0,
    ...below.flatMap((one) => (one.kept === true ? [one.ratePerSecond] : [])),
  );
  // What settled nothing bounds the next try from above, or it would be tried again and again.
  const unsettled = below.flatMap(({ ratePerSecond }) =>
    ratePerSecond > kept ? [ratePerSecond] : [],
  );
  const upper = Math.min(notKept, ...unsettled);
  if (kept === 0 || upper / kept <= CLOSE_ENOUGH) return null;
  const middle = whole(Math.sqrt(kept * upper));
  return tried.some(({ ratePerSecond }) => ratePerSecond === middle) ? null : middle;
}

/**
 * As `nextRate`, and at last the rate that is wanted itself, where it lies between what is kept and what is not: that alone says whether it
 * is missed.
 */
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

/** What the costliest search comes to: each step at its rate on the way up, all others at the highest. */
export function mostSteps(search: Search): { ratePerSecond: number }[] {
  const steps: TriedRate[] = [];
  for (let rate = nextRate(search, steps); rate !== null; rate = nextRate(search, steps)) {
    steps.push({ ratePerSecond: rate, kept: true });
  }
  // Halves of the last factor, on a logarithmic scale, until what is left is close enough.
  const halves = Math.log(Math.log(FACTOR) / Math.log(CLOSE_ENOUGH)) / Math.log(2);
  // And the rate that is wanted.
  const between = 1 + Math.ceil(halves);
  const rest = Array.from({ length: between }, () => ({ ratePerSecond: perSecond(search.to) }));
  return [...steps, ...rest].slice(0, MOST_STEPS + 1);
}

/** Above ten, a rate is a whole number. */
function whole(rate: number): number {
  return rate > 10 ? Math.round(rate) : Number(rate.toPrecision(2));
}
