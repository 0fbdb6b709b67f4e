import type { Interval, VerdictName } from './verdict.ts';

declare const sorted: unique symbol;

/** Values by their place in ascending order, from 0. */
type Ranked = { readonly length: number; at(place: number): number | undefined };

/** At least one value, all finite and in ascending order. Made by `sortSample` and `sortInPlace` alone. */
export type SortedSample = Float64Array & { readonly [sorted]: true };

/** @throws RangeError for an empty sample, or a value that is not finite */
export function sortSample(values: Iterable<number>): SortedSample {
  return sortInPlace(new Float64Array(values));
}

/** Like `sortSample`, without a copy. */
export function sortInPlace(sample: Float64Array): SortedSample {
  checkSample(sample);
  return sample.sort() as SortedSample;
}

function checkSample(sample: Float64Array): void {
  if (sample.length === 0) throw new RangeError('a sample has at least one value');
  const wrong = sample.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`a sample holds finite values, not ${wrong}`);
}

/** Gives all values to a visitor, in the same order each time. */
export type EachValue = (visit: (value: number) => void) => void;

/** The values of these ranks, 1: the smallest, of values that are read twice instead of being held. @throws RangeError for a value that is not finite, or a rank outside */
export function searchRanks(each: EachValue, ranksOf: RanksOf): number[] {
  const search = new RankSearch(ranksOf);
  each((value) => search.count(value));
  each((value) => search.collect(value));
  return search.values;
}

/** Of a number of values, the ranks to find; 1: the smallest. */
type RanksOf = (n: number) => readonly number[];

/**
 * Finds the values of some ranks among more values than memory should hold. All are given twice: `count` puts them into bins by their
 * leading bits, then `collect` keeps those of the bins in which a rank lies.
 */
export class RankSearch {
  n = 0;
  readonly #ranksOf: RanksOf;
  /** Counts of bins side by side: four powers of two. */
  readonly #pages = new Map<number, Uint32Array>();
  #page: Uint32Array = new Uint32Array();
  #pageKey = -1;
  #bins: RankBin[] | undefined;

  constructor(ranksOf: RanksOf) {
    this.#ranksOf = ranksOf;
  }

  /** @throws RangeError for a value that is not finite */
  count(value: number): void {
    const bin = binOf(value);
    const key = bin >>> PAGE_BITS;
    if (key !== this.#pageKey || !Number.isFinite(value)) this.#open(key, value);
    (this.#page[bin & (PAGE_BINS - 1)] as number)++;
    this.n++;
  }

  collect(value: number): void {
    this.#bins ??= this.findBins(this.#ranksOf(this.n));
    collectInto(this.#bins, value);
  }

  /** Of the ranks, in their order; none without a value. @throws RangeError for a rank outside the sample */
  get values(): number[] {
    const bins = this.#bins;
    return bins === undefined ? [] : this.#ranksOf(this.n).map((rank) => valueInBins(bins, rank));
  }

  /** The bins in which these ranks lie, in ascending order, still empty. */
  findBins(ranks: readonly number[]): RankBin[] {
    const bins: RankBin[] = [];
    let before = 0;
    for (const [key, counts] of [...this.#pages].sort(([a], [b]) => a - b)) {
      for (let at = 0; at < PAGE_BINS; at++) {
        const from = before;
        before += counts[at] as number;
        if (before === from || !ranks.some((rank) => rank > from && rank <= before)) continue;
        const bin = key * PAGE_BINS + at;
        bins.push({
          ...{ least: leastOf(bin), below: leastOf(bin + 1), before: from, upTo: before },
          counts: new Map(),
        });
      }
    }
    return bins;
  }

  #open(key: number, value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`a sample holds finite values, not ${value}`);
    this.#page = this.#pages.get(key) ?? new Uint32Array(PAGE_BINS);
    this.#pages.set(key, this.#page);
    this.#pageKey = key;
  }
}

/** Values from `least` on and below `below`, of the ranks after `before` and up to `upTo`; `counts`: how often each occurs. */
type RankBin = {
  least: number;
  below: number;
  before: number;
  upTo: number;
  counts: Map<number, number>;
};

function collectInto(bins: readonly RankBin[], value: number): void {
  for (const { least, below, counts } of bins) {
    if (value >= least && value < below) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
}

function valueInBins(bins: readonly RankBin[], rank: number): number {
  const bin = bins.find(({ before, upTo }) => rank > before && rank <= upTo);
  let upTo = bin?.before ?? 0;
  for (const [value, count] of [...(bin?.counts ?? [])].sort(([a], [b]) => a - b)) {
    upTo += count;
    if (upTo >= rank) return value;
  }
  throw new RangeError(`rank ${rank} lies outside the sample`);
}

/** Values that are read in ascending order, without a sorted copy. A read may cost a pass over all of them. */
export class Ranking implements Ranked {
  readonly length: number;
  readonly #values: Float64Array;
  readonly #search = new RankSearch(() => []);
  readonly #bins: RankBin[] = [];
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  /** @throws RangeError for an empty sample, or a value that is not finite */
  constructor(values: Float64Array) {
    if (values.length === 0) throw new RangeError('a sample has at least one value');
    this.length = values.length;
    this.#values = values;
    // By index: an iterator takes several times as long.
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      this.#search.count(value);
      if (value < this.#least) this.#least = value;
      if (value > this.#most) this.#most = value;
    }
  }

  at(place: number): number | undefined {
    if (place < 0 || place >= this.length) return undefined;
    if (place === 0) return this.#least;
    if (place === this.length - 1) return this.#most;
    const isKnown = this.#bins.some(({ before, upTo }) => place >= before && place < upTo);
    if (!isKnown) {
      const bins = this.#search.findBins([place + 1]);
      const { length } = this.#values;
      for (let at = 0; at < length; at++) collectInto(bins, this.#values[at] as number);
      this.#bins.push(...bins);
    }
    return valueInBins(this.#bins, place + 1);
  }
}

const PAGE_BITS = 10;
const PAGE_BINS = 1 << PAGE_BITS;
const FLOAT = new Float64Array(1);
const BITS = new Int32Array(FLOAT.buffer);
/** The bin of 0; negative values lie before it. */
const BIN_OF_ZERO = 0x8_00_00;

/** Sign, exponent and the first bits of the fraction, so that a greater value never has a lesser bin: one for each 0.4 % or less. */
function binOf(value: number): number {
  // −0 counts as 0.
  FLOAT[0] = value + 0;
  const high = BITS[1] as number;
  return high < 0 ? ~high >>> 12 : (high >>> 12) | BIN_OF_ZERO;
}

/** The least value of a bin. */
function leastOf(bin: number): number {
  BITS[0] = bin < BIN_OF_ZERO ? -1 : 0;
  BITS[1] = bin < BIN_OF_ZERO ? ~(bin << 12) : (bin - BIN_OF_ZERO) << 12;
  return FLOAT[0] as number;
}

/** The value of this rank; 1: the smallest. @throws RangeError outside the sample */
export function valueOfRank(sample: Ranked, rank: number): number {
  const value = rank >= 1 ? sample.at(rank - 1) : undefined;
  if (value === undefined) throw new RangeError(`rank ${rank} of ${sample.length} values`);
  return value;
}

/** 0.07 × 100 is 7.000000000000001 in floating point; such products must not be rounded up. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * Quantile of type 1 (Hyndman & Fan 1996; R: `quantile(x, q, type = 1)`): the smallest value that at least the share `quantile` of the
 * sample does not exceed. It is a measured value, not an interpolated one. It is below an objective exactly if no more values than
 * allowed are at or above the objective.
 * @param quantile in (0, 1): 0.95 for P95
 */
export function quantile(sample: Ranked, quantile: number): number {
  return valueOfRank(sample, quantileRank(sample.length, quantile));
}

/** Rank of the quantile; 1: the smallest value. @throws RangeError for a quantile outside (0, 1) */
export function quantileRank(sampleSize: number, quantile: number): number {
  if (!(quantile > 0 && quantile < 1)) {
    throw new RangeError(`a quantile lies in (0, 1), not ${quantile}`);
  }
  const position = sampleSize * quantile;
  return Math.max(1, Math.ceil(position - position * ROUNDING));
}

/**
 * Median of type 2 (Hyndman & Fan 1996): the mean of the two middle values if their number is even, so that exchanging the two sides
 * of a comparison inverts its result. @throws RangeError for an empty sample, or a value that is not finite
 */
export function median(values: Iterable<number>): number {
  return medianOf(sortSample(values));
}

export function medianOf(sample: Ranked): number {
  const { length: n } = sample;
  return (valueOfRank(sample, Math.ceil(n / 2)) + valueOfRank(sample, Math.floor(n / 2) + 1)) / 2;
}

/**
 * Confidence interval of a quantile, by inverting a test of the share of bad events: an objective above the upper end would pass, one
 * at or below the lower end would fail. It has the error rates of that test and assumes no distribution; ties are allowed. Its ends
 * are values of the sample, or null where the sample does not bound them.
 * @param verdictIf the verdict of the test if the `bad` greatest values were bad
 * @param bad number of values that are bad at the objective. The search starts there, so that interval and verdict agree even where
 * bursts make the verdict change more than once
 * @param near a guess at the number of bad values at the quantile; it only makes the search faster
 */
export function quantileInterval(
  sample: Ranked,
  verdictIf: (bad: number) => VerdictName,
  { bad = 0, near = sample.length / 2 }: { bad?: number; near?: number } = {},
): Interval {
  const n = sample.length;
  /** Fewest good values for which a condition holds, on the side of the objective where that changes. */
  const fewestGood = (holds: (good: number) => boolean, least: number, most: number) => {
    const [from, to] = holds(n - bad) ? [least, n - bad] : [n - bad + 1, most];
    return firstInRange(from, to, Math.round(n - near), holds);
  };
  const toPass = fewestGood((good) => verdictIf(n - good) === 'pass', 1, n + 1);
  const notToFail = fewestGood((good) => verdictIf(n - good) !== 'fail', 0, n);
  return [
    notToFail === 0 ? null : valueOfRank(sample, notToFail),
    toPass > n ? null : valueOfRank(sample, toPass),
  ];
}

/**
 * First number in [from, to) for which a condition holds, if it holds for all that follow; `to` if it holds for none. Each look costs
 * a pass over all events, so the search starts near the guess, with growing steps, and then bisects.
 */
function firstInRange(
  from: number,
  to: number,
  near: number,
  holds: (value: number) => boolean,
): number {
  let [low, high] = [from, to];
  let step = Math.ceil(Math.sqrt(to - from));
  let at = near;
  while (low < high) {
    const isBetween = low > from && high < to;
    const value = isBetween ? (low + high) >> 1 : Math.min(Math.max(at, low), high - 1);
    if (holds(value)) high = value;
    else low = value + 1;
    at = high === value ? value - step : value + step;
    step *= 2;
  }
  return low;
}
