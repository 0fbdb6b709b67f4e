import { quantile, sortSample } from '../../core/statistics/quantile.ts';

/** The quantiles that are compared. */
const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

export type QuantileName = keyof typeof QUANTILES;

/** A reported quantile beside the true one, in ms. */
export type QuantileError = { reportedMs: number; truthMs: number };

/** What a tool told of one load; null for what it does not tell. */
export type QuantileErrors = Record<QuantileName, QuantileError | null>;

/** @param serviceMs of each request, by the server's own clock @throws RangeError for none */
export function quantileErrors(
  reportedMs: Record<QuantileName, number | null>,
  serviceMs: readonly number[],
): QuantileErrors {
  const truth = sortSample(serviceMs);
  const errorOf = (name: QuantileName): QuantileError | null => {
    const reported = reportedMs[name];
    return reported === null
      ? null
      : { reportedMs: reported, truthMs: quantile(truth, QUANTILES[name]) };
  };
  return { p50: errorOf('p50'), p95: errorOf('p95'), p99: errorOf('p99') };
}

/** Signed: what a tool adds of its own is above 0. */
export function errorMs({ reportedMs, truthMs }: QuantileError): number {
  return reportedMs - truthMs;
}

const NEAR_MS = 1;
const NEAR_SHARE = 0.01;

/** Of what is allowed, a millisecond or a hundredth of the truth, whichever is more: 1 for just as much. */
export function shareOfAllowance(error: QuantileError): number {
  return Math.abs(errorMs(error)) / Math.max(NEAR_MS, NEAR_SHARE * error.truthMs);
}
