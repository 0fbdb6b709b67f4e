import { z } from 'zod';
import type { LatencyHistogram } from '../../engine/latencyHistogram.ts';

const ms = z.number().nonnegative();
const quantiles = z.object({ p50: ms, p95: ms, p99: ms });

/** P50, P95 and P99 in ms. */
export type QuantilesMs = z.infer<typeof quantiles>;

/** What a program of ours prints, as one line of JSON. */
export const clientReport = z.object({
  /** Answered well. */
  requests: z.int(),
  failed: z.int(),
  neverSent: z.int(),
  firstFailure: z.string().nullable(),
  /** From the intended start. */
  responseMs: quantiles,
  /** From the moment it was handed to the HTTP client. */
  serviceMs: quantiles,
});

export type ClientReport = z.infer<typeof clientReport>;

/** @throws Error for one that has counted nothing */
export function quantilesOf(histogram: LatencyHistogram): QuantilesMs {
  const at = (q: number): number => {
    const value = histogram.quantileMs(q);
    if (value === null) throw new Error('no request was answered');
    return value;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
