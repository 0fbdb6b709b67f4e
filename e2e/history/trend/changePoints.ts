import { median } from '../../core/statistics/median.ts';
import type { Draw } from '../../core/statistics/seededDraw.ts';
import { bestSplit, distancesOf } from './bestSplit.ts';

/** From `at` on (0 for the first run) the level is another one. */
export type ChangePoint = {
  at: number;
  before: number;
  after: number;
  /** `after` to `before`. */
  ratio: number;
  /** Chance of as clear a split if the order of the runs meant nothing. */
  p: number;
};

export type ChangePointPlan = {
  /** Chance that a history without a change shows one. */
  alpha: number;
  permutations: number;
  /** Fewest runs on each side, so that a spike is no change. */
  leastSegment: number;
  /** Smallest ratio of medians that matters, above 1. */
  leastRatio: number;
};

export const DEFAULT_CHANGE_POINTS: ChangePointPlan = {
  alpha: 0.01,
  permutations: 499,
  leastSegment: 5,
  leastRatio: 1.05,
};

/**
 * Finds where the level of a history changed: E-divisive (Matteson & James 2014), which splits where the two sides differ most by energy
 * distance, keeps the split if hardly a shuffled history has one as clear, and goes on in both parts. Of the splits those are dropped,
 * the smallest first, whose neighbouring medians differ by less than what matters.
 * @param values one positive figure a run, in order
 * @throws RangeError for a value that is not finite and positive
 */
export function changePoints(
  values: readonly number[],
  plan: ChangePointPlan,
  draw: Draw,
): ChangePoint[] {
  const wrong = values.find((value) => !(Number.isFinite(value) && value > 0));
  if (wrong !== undefined) throw new RangeError(`a history holds positive figures, not ${wrong}`);
  let splits = splitAll(values, 0, plan, draw);
  for (;;) {
    const points = describeSplits(values, splits);
    const smallest = points.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0];
    if (smallest === undefined || sizeOf(smallest) >= plan.leastRatio) return points;
    splits = splits.filter(({ at }) => at !== smallest.at);
  }
}

type Split = Pick<ChangePoint, 'at' | 'p'>;

function splitAll(
  values: readonly number[],
  offset: number,
  plan: ChangePointPlan,
  draw: Draw,
): Split[] {
  if (values.length < 2 * plan.leastSegment) return [];
  const distances = distancesOf(values);
  const order = values.map((_, at) => at);
  const found = bestSplit(distances, order, plan.leastSegment);
  let asClear = 1;
  for (let turn = 0; turn < plan.permutations; turn++) {
    shuffle(order, draw);
    if (bestSplit(distances, order, plan.leastSegment).statistic >= found.statistic) asClear += 1;
  }
  const p = asClear / (plan.permutations + 1);
  if (p > plan.alpha) return [];
  return [
    ...splitAll(values.slice(0, found.at), offset, plan, draw),
    { at: offset + found.at, p },
    ...splitAll(values.slice(found.at), offset + found.at, plan, draw),
  ];
}

function describeSplits(values: readonly number[], splits: readonly Split[]): ChangePoint[] {
  return splits.map(({ at, p }, place) => {
    const before = median(values.slice(splits[place - 1]?.at ?? 0, at));
    const after = median(values.slice(at, splits[place + 1]?.at ?? values.length));
    return { at, before, after, ratio: after / before, p };
  });
}

function sizeOf({ ratio }: ChangePoint): number {
  return Math.max(ratio, 1 / ratio);
}

/** Fisher and Yates, in place. */
function shuffle(order: number[], draw: Draw): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}
