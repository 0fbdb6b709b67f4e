import type { Standstill } from '../core/record/standstill.ts';

/** Often enough to see what could change a verdict, seldom enough to cost nothing. */
const TICK_MS = 25;
/** Timers of a busy process are late by less. */
const SHORTEST_MS = 50;
/** A record holds no more of a workload: the longest. */
const MOST = 1_000;

/** Watches for standstills of this process; the function that it gives back ends that and tells them, in order. */
export function watchStandstills(): () => Standstill[] {
  const seen: Standstill[] = [];
  let lastMs = performance.now();
  const look = () => {
    const nowMs = performance.now();
    const durationMs = nowMs - lastMs - TICK_MS;
    if (durationMs >= SHORTEST_MS) {
      seen.push({ fromMs: performance.timeOrigin + lastMs + TICK_MS, durationMs });
      if (seen.length > 2 * MOST) keepLongest(seen);
    }
    lastMs = nowMs;
  };
  const timer = setInterval(look, TICK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    // One that lasts until now has not been seen.
    look();
    if (seen.length > MOST) keepLongest(seen);
    return seen.toSorted((a, b) => a.fromMs - b.fromMs);
  };
}

function keepLongest(seen: Standstill[]): void {
  seen.sort((a, b) => b.durationMs - a.durationMs);
  seen.length = MOST;
}
