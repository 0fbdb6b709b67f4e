import { hash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { z } from 'zod';

export const MAX_LATENCY_MS = 600_000;
const durationMs = z.number().min(0).max(MAX_LATENCY_MS);
const positiveMs = z.number().gt(0).max(MAX_LATENCY_MS);

/** A distribution of durations, in milliseconds. A log-normal one is given by its median and its 95th percentile. */
export const latencySchema = z.discriminatedUnion('distribution', [
  z.strictObject({ distribution: z.literal('constant'), ms: durationMs }),
  z
    .strictObject({ distribution: z.literal('uniform'), minMs: durationMs, maxMs: durationMs })
    .refine((latency) => latency.maxMs >= latency.minMs, {
      path: ['maxMs'],
      error: 'expected at least minMs',
    }),
  z
    .strictObject({ distribution: z.literal('logNormal'), medianMs: positiveMs, p95Ms: positiveMs })
    .refine((latency) => latency.p95Ms >= latency.medianMs, {
      path: ['p95Ms'],
      error: 'expected at least medianMs',
    }),
]);

export type Latency = z.infer<typeof latencySchema>;

/**
 * Draws one duration in milliseconds, never negative. `random` is called only where the distribution needs it.
 * Log-normal: exp(ln median + σ z) with σ = ln(p95 / median) / z₉₅; z by the transform of Box & Muller (1958).
 */
export function drawLatencyMs(latency: Latency, random: () => RandomGenerator): number {
  switch (latency.distribution) {
    case 'constant':
      return latency.ms;
    case 'uniform':
      return latency.minMs + (latency.maxMs - latency.minMs) * uniformFloat64(random());
    case 'logNormal': {
      // The 95th percentile of the standard normal distribution.
      const sigma = Math.log(latency.p95Ms / latency.medianMs) / 1.6448536269514722;
      return latency.medianMs * Math.exp(sigma * standardNormal(random()));
    }
  }
}

function standardNormal(random: RandomGenerator): number {
  // 1 − u lies in (0, 1], where the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(random));
}

/** All that a draw depends on: not the order of arrival, not the other behaviours. */
export type DrawKey = {
  seed: number;
  kind: string;
  /** The index of the measured request, or a hash of the prompt where there is none. */
  index: number | string;
  attempt: number;
  /** What is drawn: a change of one aspect leaves the draws of the others alone. */
  aspect: string;
};

/**
 * The random generator of one draw, seeded by a hash of its key, so that two runs draw the same. The whole 128-bit state comes from
 * the hash: generators seeded with 32 bits give related first values to related seeds.
 */
export function drawSource(key: DrawKey): RandomGenerator {
  const text = `${key.seed}|${key.kind}|${key.index}|${key.attempt}|${key.aspect}`;
  const digest = hash('sha256', text, 'buffer');
  return xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
}
