import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { ErrorRates } from '../../core/verdict/errorRates.ts';
import { judge } from '../../core/verdict/judge.ts';
import type { Interval } from '../../core/verdict/verdict.ts';
import { thin } from './thin.ts';

/** The interval that the first `n` events alone would have given. */
export type GrownInterval = { n: number; interval: Interval };

const MOST_STEPS = 60;

/** How the interval narrowed as events came in: by itself no verdict, but it shows what more of them would bring. */
export function intervalsAsGrown(
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
): GrownInterval[] {
  const all = [...series.events];
  const total = all.length;
  const sizes = Array.from({ length: total }, (_, at) => at + 1);
  return thin(sizes, MOST_STEPS).map((n) => {
    const events = all.slice(0, n);
    return { n, interval: judge(objective, { ...series, events }, rates).interval };
  });
}
