import { seededDraw } from '../core/statistics/seededDraw.ts';
import { DEFAULT_CHANGE_POINT_PLAN, findChangePoints } from './changePoints.ts';
import type { HistoryEntry } from './historyEntry.ts';

type NamedRun = Pick<HistoryEntry, 'id' | 'startedAt' | 'commit'>;

/** What one figure was in each run that has it, at most the latest `MOST_RUNS`, in the order of their start. */
type Series = {
  id: string;
  unit: string;
  /** Otherwise the estimate of an objective. */
  isFigure: boolean;
  points: { run: NamedRun; value: number }[];
};

/** The level of a series changed between two runs, one after the other. */
export type Change = {
  last: NamedRun;
  first: NamedRun;
  /** Medians of the runs back to the change before this one, and on to the next. */
  before: number;
  after: number;
  /** `after` / `before`, by the least values that matter. */
  ratio: number;
};

export type Trend = Series & { changes: Change[] };

const MOST_RUNS = 60;
/** Chance to find a change in any figure of a history in which nothing changed. */
const FALSE_ALARM = 0.05;

/**
 * Finds where figures moved, in runs that can be compared. The chance of a false alarm is split over all series.
 * @param runs of one target and one environment, in the order of their start
 * @param ids of the series to search; default: all
 */
export function findTrends(runs: readonly HistoryEntry[], ids?: readonly string[]): Trend[] {
  const all = listSeries(runs);
  const fewest = 2 * DEFAULT_CHANGE_POINT_PLAN.leastSegment;
  const tests = all.filter(({ points }) => points.length >= fewest).length;
  const alpha = Math.min(DEFAULT_CHANGE_POINT_PLAN.alpha, FALSE_ALARM / tests);
  const permutations = Math.max(DEFAULT_CHANGE_POINT_PLAN.permutations, Math.ceil(2 / alpha));
  const plan = { ...DEFAULT_CHANGE_POINT_PLAN, alpha, permutations };
  const searched = ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
  return searched.map((series) => {
    const { points, unit } = series;
    const least = LEAST_VALUES[unit] ?? 0.01;
    const values = points.map(({ value }) => Math.max(value, least));
    const changes = findChangePoints(values, plan, seededDraw(1)).flatMap(
      ({ at, before, after, ratio }) => {
        const [last, first] = [points[at - 1]?.run, points[at]?.run];
        return last && first ? [{ last, first, before, after, ratio }] : [];
      },
    );
    return { ...series, changes };
  });
}

/** A smaller value counts as this one: own time may be measured below zero, and a shift of the layout is often 0. */
const LEAST_VALUES: Record<string, number> = { ms: 1 };

/**
 * The figures of the runs, and the estimates of those objectives that no figure covers. Shares are left out: 99.9 % and 99.5 % differ by
 * less than any change that matters. So are medians, which the figures hold, slopes, which may be negative, and ratios to a baseline.
 */
function listSeries(runs: readonly HistoryEntry[]): Series[] {
  const series = new Map<string, Series>();
  for (const run of runs) {
    const estimates = run.objectives.flatMap(({ id, unit, estimate }) => {
      const isLeftOut = /^(share|×)$|\/(use|1,000 requests)$/.test(unit) || id.endsWith('.p50');
      return isLeftOut || estimate === null ? [] : [{ id, unit, isFigure: false, value: estimate }];
    });
    const { id: runId, startedAt, commit } = run;
    const named = { id: runId, startedAt, commit };
    const figures = run.figures.map(({ id, unit, median }) => {
      return { id, unit, isFigure: true, value: median };
    });
    for (const { value, ...one } of [...figures, ...estimates]) {
      const key = `${one.id} ${one.unit}`;
      const { points } = series.get(key) ?? { points: [] };
      series.set(key, { ...one, points: [...points, { run: named, value }].slice(-MOST_RUNS) });
    }
  }
  return [...series.values()];
}

/** An older change that an early run hid is no news. */
const MOST_RUNS_SINCE = 10;

/** Recent changes that only the last run brings to light: none near them is found without it. */
export function findNewChanges(
  trends: readonly Trend[],
  runs: readonly HistoryEntry[],
): (Change & { id: string })[] {
  const recent = trends.flatMap(({ id, points, changes }) => {
    const place = ({ first }: Change) => points.findIndex(({ run }) => run.id === first.id);
    const since = points.length - MOST_RUNS_SINCE;
    return changes.flatMap((change) => (place(change) < since ? [] : [{ id, change, place }]));
  });
  if (recent.length === 0) return [];
  const ids = recent.map(({ id }) => id);
  const earlier = findTrends(runs.slice(0, -1), ids);
  const known = new Map(earlier.map(({ id, changes }) => [id, changes]));
  return recent.flatMap(({ id, change, place }) => {
    const isNear = (other: Change) =>
      Math.abs(place(other) - place(change)) < DEFAULT_CHANGE_POINT_PLAN.leastSegment;
    return known.get(id)?.some(isNear) ? [] : [{ id, ...change }];
  });
}

/** `+9 % between a1b2c3d and d4e5f6a (2026-02-01)`. */
export function describeChange({ last, first, ratio }: Change): string {
  const size =
    ratio >= 2 || ratio <= 0.5
      ? `×${Number(ratio.toPrecision(2))}`
      : `${ratio > 1 ? '+' : '−'}${Math.round(Math.abs(ratio - 1) * 100)} %`;
  const [from, to] = [shortCommit(last), shortCommit(first)];
  const day = first.startedAt.slice(0, 10);
  return from === to ? `${size} on ${day}, at ${to}` : `${size} between ${from} and ${to} (${day})`;
}

/** Seven digits, as Git shows it, with `+changes` if there were any. */
function shortCommit({ commit, startedAt }: NamedRun): string {
  return commit === null
    ? `the run of ${startedAt.slice(0, 10)}`
    : commit.replace(/^(\w{7})\w*/, '$1');
}
