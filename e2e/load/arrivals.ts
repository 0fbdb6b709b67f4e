import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded draw from [0, 1) with 32 random bits. */
export type Draw = () => number;

export function seededDraw(seed: number): Draw {
  const generator: RandomGenerator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/**
 * Intended start times in ms from the start, `count` of them at `ratePerSecond` on average: each gap is the mean one, ± 50 % by chance,
 * so that requests keep apart yet fall into step with nothing periodic.
 */
export function jitteredArrivals(count: number, ratePerSecond: number, draw: Draw): number[] {
  const meanGapMs = 1000 / ratePerSecond;
  let atMs = 0;
  return Array.from({ length: count }, () => {
    const dueMs = atMs;
    atMs += meanGapMs * (0.5 + draw());
    return dueMs;
  });
}
