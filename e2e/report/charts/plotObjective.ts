import { metricOf } from '../../core/budget/metrics.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { ErrorRates } from '../../core/statistics/verdict.ts';
import { growthChart } from './growthChart.ts';
import { countChart, limitChart } from './maximumCharts.ts';
import { quantileChart } from './quantileChart.ts';
import { rateChart } from './rateChart.ts';
import type { Plotted } from './renderPlot.ts';
import { intervalsAsGrown, shareChart } from './shareChart.ts';
import { zeroToleranceChart } from './zeroToleranceChart.ts';

/** An objective with its events, its judgement and the error rates of the interval. */
export type Judged = Plotted & { rates: ErrorRates };

/** What a picture shows of the events; part of the name of the image. */
export type PlotKind = keyof typeof CHARTS | 'share so far';

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
export function plotObjective({ rates, ...plotted }: Judged): string | null {
  const { objective, series } = plotted;
  if (series.events.length === 0) return null;
  const kind = plotKind(objective);
  if (kind !== 'share so far') return CHARTS[kind](plotted);
  return shareChart(plotted, intervalsAsGrown(objective, series, rates));
}

const CHARTS = {
  ECDF: quantileChart,
  counts: countChart,
  'each value': limitChart,
  'each request': zeroToleranceChart,
  growth: growthChart,
  rates: rateChart,
};
