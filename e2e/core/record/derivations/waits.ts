import type { ModelCallLine } from '../recordLine.ts';
import { attemptsOf, callsUnderFault, endOf } from './attempts.ts';
import { type Derivation, eachRequest, type Observation } from './derivation.ts';

/**
 * A wait so short is none: shorter ones are made as long, so that what a busy machine adds to no pause at all looks neither like growth
 * nor like jitter. Well under the 50 ms that the shortest wait of a sensible backoff lasts.
 */
const SHORTEST_WAIT_MS = 20;
/** One wait alone neither grows nor has more than one chance to differ. */
const FEWEST_WAITS = 2;

/** By what factor each wait is longer than the one before, from the first to the last. */
export const gapGrowth: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  if (calls === null) return 'missing';
  const waits = waitsOf(calls);
  const [first, last] = [waits[0], waits.at(-1)];
  if (first === undefined || last === undefined || waits.length < FEWEST_WAITS) return null;
  return { value: Math.exp(Math.log(last / first) / (waits.length - 1)) };
});

/**
 * Of each two requests in a row, by how much their waits differ: the mean over first with first, second with second and so on, in
 * percent of the longer. Each request takes part once, so that the values are independent. The mean, since all of a few waits are
 * rarely alike by chance: of waits between half and the whole of their step it is 5 % or less once in 200, the median once in 45.
 */
export const jitter: Derivation = (given) => {
  const known = given.requests.flatMap((request) => {
    const calls = callsUnderFault(request, given);
    return calls === null ? [] : [{ request, waits: waitsOf(calls) }];
  });
  const waiting = known.filter(({ waits }) => waits.length >= FEWEST_WAITS);
  const observations: Observation[] = [];
  for (let at = 0; at + 1 < waiting.length; at += 2) {
    const [one, other] = [waiting[at], waiting[at + 1]];
    if (one === undefined || other === undefined) break;
    observations.push({ request: other.request, value: differenceOf(one.waits, other.waits) });
  }
  return { observations, missing: given.requests.length - known.length };
};

/** From the end of each attempt to the arrival of the next, in ms. */
function waitsOf(calls: ModelCallLine[]): number[] {
  const attempts = attemptsOf(calls);
  return attempts.slice(1).map((call, at) => {
    const before = attempts[at] as ModelCallLine;
    return Math.max(call.arrivedAtMs - endOf(before), SHORTEST_WAIT_MS);
  });
}

function differenceOf(one: number[], other: number[]): number {
  const levels = Math.min(one.length, other.length);
  const differences = one.slice(0, levels).map((wait, at) => {
    const otherWait = other[at] as number;
    return (Math.abs(wait - otherWait) / Math.max(wait, otherWait)) * 100;
  });
  return differences.reduce((sum, difference) => sum + difference, 0) / levels;
}
