import { exponential } from '../../portable/exponential.ts';
import { logarithm } from '../../portable/logarithm.ts';
import { median } from '../../statistics/median.ts';
import type { ModelCallLine } from '../recordLine.ts';
import { endOf } from './attempts.ts';
import { type Derivation, eachRequest, type Given, type Observation } from './derivation.ts';

/** A wait so short is none: shorter ones are made as long, so that a ratio of them says nothing. */
const SHORTEST_WAIT_MS = 1;
/** One wait alone neither grows nor has more than one chance to differ. */
const FEWEST_WAITS = 2;

/** By what factor each wait is longer than the one before, from the first to the last. */
export const gapGrowth: Derivation = eachRequest((request, given) => {
  const waits = waitsOf(given.callsOf(request));
  const [first, last] = [waits[0], waits.at(-1)];
  if (first === undefined || last === undefined || waits.length < FEWEST_WAITS) return null;
  return { value: exponential(logarithm(last / first) / (waits.length - 1)) };
});

/**
 * Of each two requests in a row, by how much their waits differ: the median over first with first, second with second and so on, in
 * percent of the longer. Each request takes part once, so that the values are independent.
 */
export const jitter: Derivation = (given) => {
  const waiting = given.requests
    .map((request) => ({ request, waits: waitsOf(given.callsOf(request)) }))
    .filter(({ waits }) => waits.length >= FEWEST_WAITS);
  const observations: Observation[] = [];
  for (let at = 0; at + 1 < waiting.length; at += 2) {
    const [one, other] = [waiting[at], waiting[at + 1]];
    if (one === undefined || other === undefined) break;
    observations.push({ request: other.request, value: differenceOf(one.waits, other.waits) });
  }
  return { observations, missing: missingOf(given) };
};

/** Requests of which not one call was seen. */
function missingOf({ requests, callsOf }: Given): number {
  return requests.filter((request) => callsOf(request).length === 0).length;
}

/** From the end of each attempt to the arrival of the next, in ms. */
function waitsOf(calls: ModelCallLine[]): number[] {
  const [first] = calls;
  const ofOneKind = calls.filter(({ kind }) => kind === first?.kind);
  return ofOneKind.slice(1).map((call, at) => {
    const before = ofOneKind[at] as ModelCallLine;
    return Math.max(call.arrivedAtMs - endOf(before), SHORTEST_WAIT_MS);
  });
}

function differenceOf(one: number[], other: number[]): number {
  const levels = Math.min(one.length, other.length);
  const differences = one.slice(0, levels).map((wait, at) => {
    const otherWait = other[at] as number;
    return (Math.abs(wait - otherWait) / Math.max(wait, otherWait)) * 100;
  });
  return median(differences);
}
