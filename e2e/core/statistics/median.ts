import { sortSample, valueOfRank } from './sortedSample.ts';

/**
 * Middle of a sample; of an even number the mean of the two in the middle (type 2 of Hyndman & Fan), since a comparison of two sides must
 * come out the other way round when they change places. @throws RangeError for an empty sample or a value that is not finite
 */
export function median(values: Iterable<number>): number {
  const sample = sortSample(values);
  const n = sample.length;
  return (valueOfRank(sample, Math.ceil(n / 2)) + valueOfRank(sample, Math.floor(n / 2) + 1)) / 2;
}
