import { createHistogram } from 'node:perf_hooks';

/** Three significant figures: a value is told within 0.1 %. */
const FIGURES = 3;
const UNITS_PER_MS = 1000;
/** Longer than any request is waited for. */
const HIGHEST_MS = 3_600_000;

/** Durations in constant memory, however many, to three significant figures (an HDR histogram of microseconds). */
export class LatencyHistogram {
  readonly #histogram = createHistogram({
    lowest: 1,
    highest: HIGHEST_MS * UNITS_PER_MS,
    figures: FIGURES,
  });

  /** @param ms not negative; what is below a microsecond counts as one, what is above an hour as an hour */
  record(ms: number): void {
    const units = Math.min(Math.max(1, Math.round(ms * UNITS_PER_MS)), HIGHEST_MS * UNITS_PER_MS);
    this.#histogram.record(units);
  }

  get count(): number {
    return Number(this.#histogram.count);
  }

  /** The smallest duration that this share does not exceed, give or take a rank; null where there is none. @param quantile in (0, 1] */
  quantileMs(quantile: number): number | null {
    return this.count === 0 ? null : this.#histogram.percentile(quantile * 100) / UNITS_PER_MS;
  }

  /** Null where nothing was recorded. */
  get maxMs(): number | null {
    return this.count === 0 ? null : Number(this.#histogram.max) / UNITS_PER_MS;
  }
}
