import { METRICS } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { ErrorRates } from '../core/verdict/errorRates.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { countChart } from './countChart.ts';
import { intervalsAsGrown } from './intervalsAsGrown.ts';
import { quantileChart } from './quantileChart.ts';
import { shareChart } from './shareChart.ts';

/** What a plot is made from: an objective, what was measured, what it came to, and the error rates that the interval belongs to. */
export type Judged = {
  objective: Objective;
  series: EventSeries;
  judgement: Judgement;
  rates: ErrorRates;
};

/**
 * The picture of a verdict, as the text of an SVG of some 5 to 40 KB: a distribution for quantiles, the share so far for shares, bars for
 * counts. The same input gives the same text. Null without events: an empty plot would look like a measurement.
 */
export function plotObjective({ objective, series, judgement, rates }: Judged): string | null {
  if (series.events.length === 0) return null;
  switch (METRICS[objective.metric].kind) {
    case 'quantile':
      return quantileChart(objective, series, judgement);
    case 'share':
      return shareChart(objective, series, judgement, intervalsAsGrown(objective, series, rates));
    case 'count':
      return countChart(objective, series, judgement);
  }
}
