import { median } from '../core/statistics/quantile.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';

/** The level changes with run `at`; the first run is 0. */
type ChangePoint = {
  at: number;
  before: number;
  after: number;
  /** `after` / `before`. */
  ratio: number;
  /** p-value: chance of a split at least as clear if the runs are in random order. */
  p: number;
};

type ChangePointPlan = {
  /** Chance to find a change in a history without one. */
  alpha: number;
  permutations: number;
  /** Fewest runs on each side, so that a spike is no change point. */
  leastSegment: number;
  /** Smallest ratio of medians that matters; 1.05: 5 %. */
  leastRatio: number;
};

export const DEFAULT_CHANGE_POINT_PLAN: ChangePointPlan = {
  alpha: 0.01,
  permutations: 499,
  leastSegment: 5,
  leastRatio: 1.05,
};

/**
 * Finds where the level of a history changed, by E-divisive (Matteson & James 2014). It splits where the energy distance of the two
 * sides is greatest. It keeps the split if few shuffled histories have one as clear, and repeats that in both parts. At the end it
 * drops splits whose medians differ too little, the smallest difference first.
 * @param values one for each run, in order
 * @throws RangeError for a value that is not finite and positive
 */
export function findChangePoints(
  values: readonly number[],
  plan: ChangePointPlan,
  draw: Draw,
): ChangePoint[] {
  const wrong = values.find((value) => !(Number.isFinite(value) && value > 0));
  if (wrong !== undefined) throw new RangeError(`a history holds positive figures, not ${wrong}`);
  let splits = moveSplits(values, splitAll(values, 0, plan, draw), plan);
  for (;;) {
    const points = describeSplits(values, splits);
    const smallest = points.toSorted((a, b) => changeSize(a) - changeSize(b))[0];
    if (smallest === undefined || changeSize(smallest) >= plan.leastRatio) return points;
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
  const distances = pairDistances(values);
  const order = values.map((_, at) => at);
  const found = bestSplit(distances, order, plan.leastSegment);
  const mostAsClear = plan.alpha * (plan.permutations + 1);
  let asClear = 1;
  for (let permutation = 0; permutation < plan.permutations; permutation++) {
    shuffle(order, draw);
    if (bestSplit(distances, order, plan.leastSegment).statistic >= found.statistic) asClear += 1;
    // Further ones cannot make the split clear any more.
    if (asClear > mostAsClear) return [];
  }
  const p = asClear / (plan.permutations + 1);
  return [
    ...splitAll(values.slice(0, found.at), offset, plan, draw),
    { at: offset + found.at, p },
    ...splitAll(values.slice(found.at), offset + found.at, plan, draw),
  ];
}

/**
 * Moves each split to where the values deviate least from the medians of both sides: the search keeps `leastSegment` values from each end,
 * so it places a change in the last runs too early.
 */
function moveSplits(
  values: readonly number[],
  splits: readonly Split[],
  { leastSegment }: ChangePointPlan,
): Split[] {
  const moved: Split[] = [];
  splits.forEach((split, place) => {
    const from = moved.at(-1)?.at ?? 0;
    const to = splits[place + 1]?.at ?? values.length;
    const deviations = values.map((_, at) => {
      const isNear = Math.abs(at - split.at) < leastSegment && at > from && at < to;
      return isNear
        ? deviation(values.slice(from, at)) + deviation(values.slice(at, to))
        : Infinity;
    });
    moved.push({ ...split, at: deviations.indexOf(Math.min(...deviations)) });
  });
  return moved;
}

function deviation(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

function describeSplits(values: readonly number[], splits: readonly Split[]): ChangePoint[] {
  return splits.map(({ at, p }, place) => {
    const before = median(values.slice(splits[place - 1]?.at ?? 0, at));
    const after = median(values.slice(at, splits[place + 1]?.at ?? values.length));
    return { at, before, after, ratio: after / before, p };
  });
}

function changeSize({ ratio }: ChangePoint): number {
  return Math.max(ratio, 1 / ratio);
}

/** Fisher–Yates shuffle, in place. */
function shuffle(order: number[], draw: Draw): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}

export function pairDistances(values: readonly number[]): number[][] {
  return values.map((value) => values.map((other) => Math.abs(value - other)));
}

/**
 * The split of a sequence with the greatest energy distance (Székely & Rizzo 2005): n m / (n + m) times (twice the mean distance
 * between the n values before and the m values after it, minus the mean distances within each side). The second side may end
 * anywhere, so that a later change back does not hide the split (Matteson & James 2014, section 2). Sums of rectangles keep the cost
 * quadratic.
 * @param distances between all values
 * @param order the sequence, as indexes of the values
 * @param leastSegment fewest values on each side, at least 2
 */
export function bestSplit(
  distances: readonly (readonly number[])[],
  order: readonly number[],
  leastSegment: number,
): { at: number; statistic: number } {
  const total = order.length;
  const sums = rectangleSums(distances, order);
  const sumRectangle = (top: number, bottom: number, left: number, right: number) => {
    const corner = (row: number, column: number) => sums[row * (total + 1) + column] as number;
    return corner(bottom, right) - corner(top, right) - corner(bottom, left) + corner(top, left);
  };
  let best = { at: 0, statistic: Number.NEGATIVE_INFINITY };
  for (let at = leastSegment; at <= total - leastSegment; at++) {
    const withinLeft = sumRectangle(0, at, 0, at) / (at * (at - 1));
    for (let end = at + leastSegment; end <= total; end++) {
      const right = end - at;
      const withinRight = sumRectangle(at, end, at, end) / (right * (right - 1));
      const between = sumRectangle(0, at, at, end) / (at * right);
      const statistic = ((at * right) / end) * (2 * between - withinLeft - withinRight);
      if (statistic > best.statistic) best = { at, statistic };
    }
  }
  return best;
}

/** For each corner, the sum of the distances above and left of it. */
function rectangleSums(
  distances: readonly (readonly number[])[],
  order: readonly number[],
): Float64Array {
  const width = order.length + 1;
  const sums = new Float64Array(width * width);
  order.forEach((one, row) => {
    const distanceRow = distances[one] as readonly number[];
    let rowSum = 0;
    order.forEach((other, column) => {
      rowSum += distanceRow[other] as number;
      const above = sums[row * width + column + 1] as number;
      sums[(row + 1) * width + column + 1] = above + rowSum;
    });
  });
  return sums;
}
