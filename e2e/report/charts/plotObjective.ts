import type { ErrorRates } from '../../core/statistics/verdict.ts';
import { growthChart } from './growthChart.ts';
import { countChart, limitChart } from './maximumCharts.ts';
import { type Earlier, quantileChart } from './quantileChart.ts';
import { rateChart } from './rateChart.ts';
import type { Plotted } from './renderPlot.ts';
import { intervalsSoFar, shareChart } from './shareChart.ts';
import { zeroToleranceChart } from './zeroToleranceChart.ts';

/** An objective with its events, its judgement and the error rates of the interval. */
export type Judged = Plotted & { rates: ErrorRates };

/**
 * The picture of a verdict as an SVG of about 5 to 40 KB. The same input gives the same SVG. Null for a metric without one, and without
 * events: an empty plot could be taken for a measurement.
 * @param earlier runs, shown behind a distribution
 */
export function plotObjective(
  { rates, ...plotted }: Judged,
  earlier: Earlier[] = [],
): string | null {
  const { objective, series } = plotted;
  const { chart } = objective.metric;
  if (chart === 'none' || series.events.length === 0) return null;
  if (chart === 'ECDF') return quantileChart(plotted, earlier);
  if (chart !== 'share so far') return CHARTS[chart](plotted);
  return shareChart(plotted, intervalsSoFar(objective, series, rates));
}

const CHARTS = {
  counts: countChart,
  'each value': limitChart,
  'each request': zeroToleranceChart,
  growth: growthChart,
  rates: rateChart,
};
