const FINEST_MS = 0.01;
const GROWTH = 1.05;
const COARSEST_MS = 600_000;
const BUCKETS = findBucket(COARSEST_MS) + 1;

/** Durations in buckets that grow by 5 %, from 10 µs to 10 minutes: memory is constant, and a quantile is at most 5 % too high. */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #maxMs = Number.NEGATIVE_INFINITY;

  record(valueMs: number): void {
    const bucket = Math.min(findBucket(valueMs), BUCKETS - 1);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, valueMs);
  }

  /** The upper edge of the bucket that holds the quantile (0–1), in milliseconds; `null` if nothing was recorded. */
  quantileMs(quantile: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    const bucket = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
    return Math.min(FINEST_MS * GROWTH ** bucket, this.#maxMs);
  }

  summary() {
    if (this.#count === 0) return null;
    const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((quantile) => this.quantileMs(quantile));
    return { p50Ms, p95Ms, p99Ms, maxMs: this.#maxMs, count: this.#count };
  }
}

function findBucket(valueMs: number): number {
  return valueMs <= FINEST_MS ? 0 : Math.ceil(Math.log(valueMs / FINEST_MS) / Math.log(GROWTH));
}
