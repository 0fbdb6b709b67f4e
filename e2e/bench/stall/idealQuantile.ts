import { quantile, sortSample } from '../../core/statistics/quantile.ts';

/** A stall of a server, in ms from the first request: what arrives while it lasts is answered at its end. */
export type Stall = { beganMs: number; endedMs: number };

/**
 * What an ideal open model would report, in ms: every request leaves when it is due, one that is due in the stall takes until its end, and
 * all others take `serviceMs`. By the same definition of a quantile as everywhere (`quantile`).
 */
export function idealQuantileMs(options: {
  dueMs: Iterable<number>;
  stall: Stall;
  serviceMs: number;
  quantile: number;
}): number {
  const { dueMs, stall, serviceMs, quantile: q } = options;
  const latencies = Array.from(dueMs, (due) =>
    due >= stall.beganMs && due < stall.endedMs
      ? Math.max(stall.endedMs - due, serviceMs)
      : serviceMs,
  );
  return quantile(sortSample(latencies), q);
}
