import { median } from '../../core/statistics/quantile.ts';
import type { Goal } from '../benchmark.ts';
import { failureOf, valuesOf } from '../table/cells.ts';
import { spreadOf, widthOf } from '../table/spread.ts';
import { errorMs, type QuantileName, shareOfAllowance } from './quantileErrors.ts';
import type { TruthRow } from './truth.ts';

/** What the goals are about. */
export const OURS = 'ours, response time';
/** Every other reading of ours. */
const OURS_TOO = /^ours/;
const NAMES: QuantileName[] = ['p50', 'p95', 'p99'];

/** Is ours within a millisecond or a hundredth, and is no peer closer by more than the spread? By medians over the runs. */
export function judgeTruth(rows: readonly TruthRow[]): Goal[] {
  const places = rows.filter(({ client }) => client === OURS);
  const isKnown = places.length > 0 && places.every(({ turns }) => failureOf(turns) === null);
  const far: string[] = [];
  const closer = new Map<string, string[]>();
  let compared = 0;
  for (const ours of places) {
    for (const name of NAMES) {
      const place = `${name.toUpperCase()} of ${ours.delayName.split(',')[0]}`;
      const shares = valuesOf(ours.turns, (errors) => map(errors[name], shareOfAllowance));
      if (shares.length > 0 && median(shares) > 1) far.push(place);
      const others = rows.filter(
        ({ client, delayName }) => delayName === ours.delayName && !OURS_TOO.test(client),
      );
      for (const other of others) {
        if (valuesOf(other.turns, (errors) => map(errors[name], errorMs)).length > 0) compared++;
        if (isCloser(other, ours, name))
          closer.set(other.client, [...(closer.get(other.client) ?? []), place]);
      }
    }
  }
  return [
    {
      goal: 'ours within 1 ms or 1 %',
      isReached: isKnown ? far.length === 0 : null,
      found:
        far.length === 0 ? 'everywhere, by the median of the runs' : `not at ${far.join(', ')}`,
    },
    {
      goal: 'no peer closer by more than the spread',
      // A single run has no spread, and nobody is closer where nobody was measured.
      isReached: isKnown && compared > 0 && places.every(hasSpread) ? closer.size === 0 : null,
      found:
        closer.size === 0
          ? 'none is'
          : [...closer].map(([client, at]) => `${client} at ${at.join(', ')}`).join('; '),
    },
  ];
}

function hasSpread({ turns }: TruthRow): boolean {
  return turns.results.length > 1;
}

/** The spread is that of the less certain of the two. */
function isCloser(other: TruthRow, ours: TruthRow, name: QuantileName): boolean {
  const [theirs, own] = [other, ours].map(({ turns }) =>
    spreadOf(valuesOf(turns, (errors) => map(errors[name], errorMs))),
  );
  if (theirs == null || own == null) return false;
  const gain = Math.abs(own.median) - Math.abs(theirs.median);
  return gain > Math.max(widthOf(own), widthOf(theirs));
}

function map<T, R>(value: T | null, change: (value: T) => R): R | null {
  return value === null ? null : change(value);
}
