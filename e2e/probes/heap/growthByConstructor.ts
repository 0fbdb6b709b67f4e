import type { HeapCensus } from './snapshot/censusOf.ts';

/** How much more of one constructor a page holds than before. */
export type ConstructorGrowth = {
  /** `Object`, `<span>`, `Detached <span>`; in brackets what has no constructor: `(string)`, `(scope)`, `(array)`. */
  constructorName: string;
  countDelta: number;
  selfDeltaBytes: number;
  retainedDeltaBytes: number;
};

/** A constructor that comes to less than this a turn, in count and in bytes, is not what grows steadily. */
const LEAST_PER_ITERATION = { count: 1, bytes: 64 };

/**
 * Constructors of which a page holds more after so many turns: at least one more or 64 bytes more a turn, those first that retain the
 * most, ten at most.
 */
export function growthByConstructor(
  before: HeapCensus,
  after: HeapCensus,
  iterations: number,
): ConstructorGrowth[] {
  const rows = [...after.byConstructor].map(([constructorName, now]) => {
    const then = before.byConstructor.get(constructorName);
    return {
      constructorName,
      countDelta: now.count - (then?.count ?? 0),
      selfDeltaBytes: now.selfBytes - (then?.selfBytes ?? 0),
      retainedDeltaBytes: now.retainedBytes - (then?.retainedBytes ?? 0),
    };
  });
  const { count, bytes } = LEAST_PER_ITERATION;
  return rows
    .filter(
      ({ countDelta, selfDeltaBytes }) =>
        countDelta >= count * iterations || selfDeltaBytes >= bytes * iterations,
    )
    .sort((one, other) => other.retainedDeltaBytes - one.retainedDeltaBytes)
    .slice(0, MOST_ROWS);
}

const MOST_ROWS = 10;
