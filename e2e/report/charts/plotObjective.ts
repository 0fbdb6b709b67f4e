import { metricOf } from '../../core/budget/metrics.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { ErrorRates } from '../../core/statistics/verdict.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { growthChart } from './growthChart.ts';
import { countChart, limitChart } from './maximumCharts.ts';
import { quantileChart } from './quantileChart.ts';
import { rateChart } from './rateChart.ts';
import { intervalsAsGrown, shareChart } from './shareChart.ts';
import { zeroToleranceChart } from './zeroToleranceChart.ts';

/** What a plot is made from: an objective, what was measured, what it came to, and the error rates that the interval belongs to. */
export type Judged = {
  objective: Objective;
  series: EventSeries;
  judgement: Judgement;
  rates: ErrorRates;
};

/** What a picture shows of the events; a reader finds it in the name of the image. */
export type PlotKind =
  | 'ECDF'
  | 'share so far'
  | 'counts'
  | 'each value'
  | 'each request'
  | 'growth'
  | 'rates';

/**
 * A distribution for quantiles, the share so far for shares; where one alone decides, each of them: in its row where none may be bad, at its
 * value where none may be greater than the objective, or in bars if the values are counts; where growth is judged, the values with their slope.
 */
export function plotKind({ metric, unit }: Objective): PlotKind {
  const { kind } = metricOf(metric);
  if (kind === 'most') return unit === 'ms' || unit === 'B' ? 'each value' : 'counts';
  return KINDS[kind];
}

const KINDS = {
  quantile: 'ECDF',
  share: 'share so far',
  never: 'each request',
  growth: 'growth',
  capacity: 'rates',
} as const;

/**
 * The picture of a verdict, as the text of an SVG of some 5 to 40 KB. The same input gives the same text. Null without events: an empty
 * plot would look like a measurement.
 */
export function plotObjective({ objective, series, judgement, rates }: Judged): string | null {
  if (series.events.length === 0) return null;
  switch (plotKind(objective)) {
    case 'ECDF':
      return quantileChart(objective, series, judgement);
    case 'share so far':
      return shareChart(objective, series, judgement, intervalsAsGrown(objective, series, rates));
    case 'counts':
      return countChart(objective, series, judgement);
    case 'each value':
      return limitChart(objective, series, judgement);
    case 'each request':
      return zeroToleranceChart(objective, series, judgement);
    case 'growth':
      return growthChart(objective, series, judgement);
    case 'rates':
      return rateChart(objective, series, judgement);
  }
}
