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

/** An objective with its events, its judgement and the error rates of the interval. */
export type Judged = {
  objective: Objective;
  series: EventSeries;
  judgement: Judgement;
  rates: ErrorRates;
};

/** What a picture shows of the events; part of the name of the image. */
export type PlotKind =
  | 'ECDF'
  | 'share so far'
  | 'counts'
  | 'each value'
  | 'each request'
  | 'growth'
  | 'rates';

/** The picture that suits the kind of the metric; a maximum of counts has bars, of durations and bytes each value. */
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
 * The picture of a verdict as an SVG of about 5 to 40 KB. The same input gives the same text. Null without events: an empty plot would
 * look like a measurement.
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
