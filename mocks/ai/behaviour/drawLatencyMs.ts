import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Latency } from './behaviourSchema.ts';

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/**
 * One duration from a distribution, in milliseconds, never negative; `random` is asked for only where something is drawn.
 * Log-normal: exp(ln median + σ z) with σ = ln(p95 / median) / z₉₅, so that half of the draws lie below the median
 * and 95 % below p95. z by the Box–Muller transform (Box & Muller 1958).
 */
export function drawLatencyMs(latency: Latency, random: () => RandomGenerator): number {
  switch (latency.distribution) {
    case 'constant':
      return latency.ms;
    case 'uniform':
      return latency.minMs + (latency.maxMs - latency.minMs) * uniformFloat64(random());
    case 'logNormal': {
      const sigma = Math.log(latency.p95Ms / latency.medianMs) / Z95;
      return latency.medianMs * Math.exp(sigma * standardNormal(random()));
    }
  }
}

function standardNormal(random: RandomGenerator): number {
  // 1 − u lies in (0, 1], where the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(random));
}
