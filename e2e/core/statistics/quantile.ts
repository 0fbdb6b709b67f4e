import type { Interval, VerdictName } from './verdict.ts';

declare const sorted: unique symbol;

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

/**
 * The values of these ranks, which ascend; 1: the smallest. Takes a fraction of the time of sorting, and reorders the sample.
 * @throws RangeError for an empty sample, a value that is not finite, or a rank outside the sample
 */
export function selectRanks<const Ranks extends readonly number[]>(
  sample: Float64Array,
  ranks: Ranks,
): { [Place in keyof Ranks]: number } {
  checkSample(sample);
  let from = 0;
  const select = (rank: number) => {
    if (!(rank > from && rank <= sample.length)) {
      throw new RangeError(`rank ${rank} of ${sample.length} values`);
    }
    const value = selectPlace(sample, rank - 1, from);
    from = rank - 1;
    return value;
  };
  return ranks.map(select) as { [Place in keyof Ranks]: number };
}

/** Hoare 1961, algorithm 65 (FIND): moves the value of a place in ascending order to it, none greater before it and none smaller after. */
function selectPlace(sample: Float64Array, place: number, from: number): number {
  let [low, high] = [from, sample.length - 1];
  while (low < high) {
    const pivot = sample[place] as number;
    let [up, down] = [low, high];
    while (up <= down) {
      while ((sample[up] as number) < pivot) up++;
      while ((sample[down] as number) > pivot) down--;
      if (up > down) break;
      const value = sample[up] as number;
      sample[up++] = sample[down] as number;
      sample[down--] = value;
    }
    if (down < place) low = up;
    if (place < up) high = down;
  }
  return sample[place] as number;
}

/** Gives all values to a visitor, in the same order each time. */
export type EachValue = (visit: (value: number) => void) => void;

/** The values of these ranks, of which the values are read twice instead of being held in memory. @throws RangeError as `selectRanks` */
export function searchRanks(
  each: EachValue,
  ranksOf: (n: number) => readonly number[],
): readonly number[] {
  const search = new RankSearch(ranksOf);
  each((value) => search.count(value));
  each((value) => search.collect(value));
  return search.values;
}

/**
 * Finds the values of some ranks among more values than memory should hold. All are given twice: `count` puts them into bins by their
 * leading bits, then `collect` keeps those of the bins in which a rank lies.
 */
export class RankSearch {
  n = 0;
  readonly #ranksOf: (n: number) => readonly number[];
  /** Counts of the bins that share sign and exponent. */
  readonly #pages = new Map<number, Uint32Array>();
  #page: Uint32Array = new Uint32Array();
  #pageKey = -1;
  #found: { bin: number; before: number; counts: Map<number, number> }[] | undefined;

  /** @param ranksOf the ranks of `n` values; 1: the smallest. Not called without values */
  constructor(ranksOf: (n: number) => readonly number[]) {
    this.#ranksOf = ranksOf;
  }

  /** @throws RangeError for a value that is not finite */
  count(value: number): void {
    const bin = binOf(value);
    const key = bin >>> PAGE_BITS;
    if (key !== this.#pageKey) this.#open(key, value);
    (this.#page[bin & (PAGE_BINS - 1)] as number)++;
    this.n++;
  }

  collect(value: number): void {
    this.#found ??= this.#findBins();
    const bin = binOf(value);
    for (const one of this.#found) {
      if (one.bin === bin) one.counts.set(value, (one.counts.get(value) ?? 0) + 1);
    }
  }

  /** Of the ranks, in their order; none without a value. */
  get values(): number[] {
    if (this.n === 0) return [];
    return this.#ranksOf(this.n).map((rank) => {
      const bin = this.#found?.findLast(({ before }) => before < rank);
      let at = bin?.before ?? 0;
      for (const [value, count] of [...(bin?.counts ?? [])].sort(([a], [b]) => a - b)) {
        at += count;
        if (at >= rank) return value;
      }
      throw new RangeError(`rank ${rank} of ${this.n} values`);
    });
  }

  #open(key: number, value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`a sample holds finite values, not ${value}`);
    this.#page = this.#pages.get(key) ?? new Uint32Array(PAGE_BINS);
    this.#pages.set(key, this.#page);
    this.#pageKey = key;
  }

  /** Those in which a rank lies, in ascending order. */
  #findBins() {
    const ranks = this.#ranksOf(this.n);
    let before = 0;
    return [...this.#pages]
      .sort(([a], [b]) => a - b)
      .flatMap(([key, counts]) => {
        return [...counts].flatMap((count, at) => {
          const from = before;
          before += count;
          if (!ranks.some((rank) => rank > from && rank <= before)) return [];
          return [{ bin: key * PAGE_BINS + at, before: from, counts: new Map<number, number>() }];
        });
      });
  }
}

const PAGE_BITS = 8;
const PAGE_BINS = 1 << PAGE_BITS;
const FLOAT = new Float64Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** Sign, exponent and the first bits of the fraction, so that a greater value never has a lesser bin: one for each 0.4 % or less. */
function binOf(value: number): number {
  FLOAT[0] = value;
  const high = BITS[1] as number;
  return high < 0 ? ~high >>> 12 : (high >>> 12) | 0x8_00_00;
}

/** The value of this rank; 1: the smallest. @throws RangeError outside the sample */
export function valueOfRank(sample: SortedSample, rank: number): number {
  const value = sample[rank - 1];
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
export function quantile(sample: SortedSample, quantile: number): number {
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
  const sample = new Float64Array(values);
  const n = sample.length;
  const [lower, upper] = selectRanks(sample, [Math.ceil(n / 2), Math.floor(n / 2) + 1]);
  return (lower + upper) / 2;
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
  sample: SortedSample,
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
