import { median } from '../core/statistics/quantile.ts';
import { type Draw, shuffle } from '../core/statistics/seededDraw.ts';

/** The level changes with run `at`; the first run is 0. */
type ChangePoint = {
  at: number;
  before: number;
  after: number;
  ratio: number;
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
  let splits = moveSplits(values, splitAll(values, plan, draw), plan);
  for (;;) {
    const points = describeSplits(values, splits);
    const smallest = points.toSorted((a, b) => changeSize(a) - changeSize(b))[0];
    if (smallest === undefined || changeSize(smallest) >= plan.leastRatio) return points;
    splits = splits.filter((at) => at !== smallest.at);
  }
}

function splitAll(values: readonly number[], plan: ChangePointPlan, draw: Draw): number[] {
  if (values.length < 2 * plan.leastSegment) return [];
  const shuffled = new Float64Array(values);
  const found = bestSplit(shuffled, plan.leastSegment);
  const mostAsClear = plan.alpha * (plan.permutations + 1);
  let asClear = 1;
  for (let permutation = 0; permutation < plan.permutations; permutation++) {
    shuffle(shuffled, draw);
    if (bestSplit(shuffled, plan.leastSegment).statistic >= found.statistic) asClear += 1;
    // Further ones cannot make the split clear any more.
    if (asClear > mostAsClear) return [];
  }
  return [
    ...splitAll(values.slice(0, found.at), plan, draw),
    found.at,
    ...splitAll(values.slice(found.at), plan, draw).map((at) => found.at + at),
  ];
}

/** Moves each split to where the values deviate least from the medians of both sides: the search misplaces a change in the last runs. */
function moveSplits(
  values: readonly number[],
  splits: readonly number[],
  { leastSegment }: ChangePointPlan,
): number[] {
  const moved: number[] = [];
  splits.forEach((split, place) => {
    const from = moved.at(-1) ?? 0;
    const to = splits[place + 1] ?? values.length;
    const deviations = values.map((_, at) => {
      const isNear = Math.abs(at - split) < leastSegment && at > from && at < to;
      return isNear
        ? deviation(values.slice(from, at)) + deviation(values.slice(at, to))
        : Infinity;
    });
    moved.push(deviations.indexOf(Math.min(...deviations)));
  });
  return moved;
}

function deviation(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

function describeSplits(values: readonly number[], splits: readonly number[]): ChangePoint[] {
  return splits.map((at, place) => {
    const before = median(values.slice(splits[place - 1] ?? 0, at));
    const after = median(values.slice(at, splits[place + 1]));
    return { at, before, after, ratio: after / before };
  });
}

function changeSize({ ratio }: ChangePoint): number {
  return Math.max(ratio, 1 / ratio);
}

/**
 * The split of a sequence with the greatest energy distance (Székely & Rizzo 2005): n m / (n + m) times (twice the mean distance
 * between the n values before and the m values after it, minus the mean distances within each side). The second side may end
 * anywhere, so that a later change back does not hide the split (Matteson & James 2014, section 2). Running sums keep the cost quadratic.
 * @param leastSegment fewest values on each side, at least 2
 */
export function bestSplit(
  values: Float64Array,
  leastSegment: number,
): { at: number; statistic: number } {
  /** Sums of the distances between the first k values and all up to the end; and among the first k values, each pair twice. */
  const toEnd = new Float64Array(values.length + 1);
  const within = new Float64Array(values.length + 1);
  let [bestAt, greatest] = [0, Number.NEGATIVE_INFINITY];
  for (let end = 1; end <= values.length; end++) {
    const last = values[end - 1] as number;
    let toLast = 0;
    for (let k = 1; k < end; k++) {
      toLast += Math.abs(last - (values[k - 1] as number));
      toEnd[k] = (toEnd[k] as number) + toLast;
    }
    const all = (within[end - 1] as number) + 2 * toLast;
    within[end] = all;
    toEnd[end] = all;
    for (let at = leastSegment; at <= end - leastSegment; at++) {
      const size = end - at;
      const left = within[at] as number;
      const across = toEnd[at] as number;
      const right = all - 2 * across + left;
      // n m / (n + m) multiplied out, which leaves fewer divisions.
      const statistic =
        (2 * (across - left) - (left * size) / (at - 1) - (right * at) / (size - 1)) / end;
      if (statistic > greatest || (statistic === greatest && at < bestAt)) {
        greatest = statistic;
        bestAt = at;
      }
    }
  }
  return { at: bestAt, statistic: greatest };
}
