declare const sorted: unique symbol;

/** Values in one unit, ascending, finite, at least one: what every quantile is read from. Only `sortSample` and `sortInPlace` make one. */
export type SortedSample = Float64Array & { readonly [sorted]: true };

/** @throws RangeError for an empty sample or a value that is not finite: neither has quantiles. */
export function sortSample(values: Iterable<number>): SortedSample {
  return sortInPlace(Float64Array.from(values));
}

/** The same without a copy, for values that nobody needs in their order any more. @throws RangeError as above */
export function sortInPlace(sample: Float64Array): SortedSample {
  sample.sort();
  if (sample.length === 0) throw new RangeError('a sample has at least one value');
  // What is not finite is sorted to an end.
  const wrong = [sample[0], sample.at(-1)].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`a sample holds finite values, not ${wrong}`);
  return sample as SortedSample;
}

/** The value of the given rank, 1 for the smallest. @throws RangeError outside the sample. */
export function valueOfRank(sample: SortedSample, rank: number): number {
  const value = sample[rank - 1];
  if (value === undefined) throw new RangeError(`rank ${rank} of ${sample.length} values`);
  return value;
}
