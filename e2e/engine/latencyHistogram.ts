import { createHistogram } from 'node:perf_hooks';

const UNITS_PER_MS = 1000;
/** Longer than any time-out. */
const HIGHEST_MS = 3_600_000;

/** Any number of durations in constant memory: an HDR histogram of microseconds. */
export class LatencyHistogram {
  readonly #histogram = createHistogram({
    lowest: 1,
    highest: HIGHEST_MS * UNITS_PER_MS,
    // Exact within 0.1 %.
    figures: 3,
  });

  /** @param ms not negative; limited to the range from one microsecond to one hour */
  record(ms: number): void {
    const units = Math.min(Math.max(1, Math.round(ms * UNITS_PER_MS)), HIGHEST_MS * UNITS_PER_MS);
    this.#histogram.record(units);
  }

  get count(): number {
    return Number(this.#histogram.count);
  }

  /** Null without a duration. @param quantile in (0, 1] */
  quantileMs(quantile: number): number | null {
    return this.count === 0 ? null : this.#histogram.percentile(quantile * 100) / UNITS_PER_MS;
  }

  /** Null without a duration. */
  get maxMs(): number | null {
    return this.count === 0 ? null : Number(this.#histogram.max) / UNITS_PER_MS;
  }
}
