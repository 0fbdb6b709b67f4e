import type { Draw } from '../core/statistics/seededDraw.ts';

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
