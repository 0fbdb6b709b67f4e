import { HarnessError } from '../../core/harnessError.ts';
import { median } from '../../core/statistics/median.ts';

/**
 * Measurements of two versions that were taken in turn, the order within the pair drawn at random, with the same questions and the same
 * model latencies on both sides. Small blocks follow the noise of the machine best: five requests a side.
 */
export type BlockPair = { baseline: readonly number[]; candidate: readonly number[] };

/**
 * Logarithm of the ratio of block medians, candidate to baseline, of each pair.
 * @throws HarnessError RECORD_INVALID for a block without values, or a value that is not finite and positive: it has no ratio
 */
export function logRatios(id: string, pairs: readonly BlockPair[]): number[] {
  return pairs.map((pair, at) => {
    const medianOf = (side: keyof BlockPair) => {
      const wrong = pair[side].find((value) => !(Number.isFinite(value) && value > 0));
      if (wrong === undefined && pair[side].length > 0) return median(pair[side]);
      throw new HarnessError({
        code: 'RECORD_INVALID',
        summary: `${id} cannot be compared by what was recorded.`,
        path: `${id} → pair ${at + 1} → ${side}`,
        found: wrong === undefined ? 'no value' : String(wrong),
        expected: 'finite, positive values',
        remedy: 'Run the comparison again; the record must not be edited.',
      });
    };
    return Math.log(medianOf('candidate') / medianOf('baseline'));
  });
}
