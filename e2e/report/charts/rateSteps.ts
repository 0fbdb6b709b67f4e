import type { Objective } from '../../core/budget/objective.ts';
import type { RateStep } from '../../core/record/event.ts';
import { quantileRank } from '../../core/statistics/quantile.ts';
import { sortSample, valueOfRank } from '../../core/statistics/sortedSample.ts';

/** What a step of a search came to, as a mark of a plot. */
export type RateMark = {
  ratePerSecond: number;
  /** By which the rate is kept: response time of the quantile. Null where so many failed that it is that of a failed one. */
  responseMs: number | null;
  kind: 'kept' | 'notKept' | 'doubted';
};

/** The steps in the order of their rates. A request without an answer took longer than any that has one. */
export function rateMarks(
  { allowedShare, keptBelowMs = 0 }: Objective,
  steps: readonly RateStep[],
): RateMark[] {
  const marks = steps.map(({ ratePerSecond, events, doubt }): RateMark => {
    const answered = events.flatMap(({ value }) => (value === null ? [] : [value]));
    const rank = quantileRank(events.length, 1 - allowedShare);
    const responseMs = rank > answered.length ? null : valueOfRank(sortSample(answered), rank);
    const isKept = responseMs !== null && responseMs < keptBelowMs;
    return {
      ratePerSecond,
      responseMs,
      kind: doubt !== null ? 'doubted' : isKept ? 'kept' : 'notKept',
    };
  });
  return marks.sort((a, b) => a.ratePerSecond - b.ratePerSecond);
}
