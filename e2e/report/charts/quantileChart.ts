import type { EChartsOption, LineSeriesOption } from 'echarts';
import { metricOf } from '../../core/budget/metrics.ts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import { quantile, quantileRank } from '../../core/statistics/quantile.ts';
import { type SortedSample, sortSample, valueOfRank } from '../../core/statistics/sortedSample.ts';
import { formatInterval } from '../../core/verdict/formatEstimate.ts';
import { formatValue } from '../../core/verdict/formatValue.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import {
  badSide,
  bandLabel,
  type MarkArea,
  type MarkLine,
  objectiveLine,
  TURN,
  thin,
  timeAxis,
  timedEvents,
  timeline,
} from './marks.ts';
import { heading, plotTitle, valueName } from './renderPlot.ts';
import { HALO, PALETTE, type PlotSize, renderSvg } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 540 };

/**
 * How the values are distributed and when they were seen: above, the share of answers that took no longer than a value, with the
 * objective, the interval of the estimate and P50/P95; below, on the same axis, each answer at its time in the run, so that a burst
 * of slow ones is told from slow ones all along.
 * @throws RangeError when no event has a value
 */
export function quantileChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
): string {
  const timed = timedEvents(events);
  const sample = sortSample(timed.map((event) => event.value));
  const axis = valueAxis([
    valueOfRank(sample, 1),
    valueOfRank(sample, sample.length),
    objective.objective,
    // So far under the objective that a logarithmic axis would be all there is to see, a percentage is next to none.
    ...(objective.unit === '%' ? [0] : []),
  ]);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: [
      { left: 76, right: 52, top: 96, height: 260 },
      { left: 76, right: 52, top: 372, height: 104 },
    ],
    xAxis: [xAxis(axis, 0, null), xAxis(axis, 1, `${valueName(objective)}, ${objective.unit}`)],
    yAxis: [
      yAxis(shareAxis(objective), 0, `share of ${counted(objective)}`, (share) => percent(share)),
      { ...yAxis(timeAxis(timed), 1, 'time in run, s'), inverse: true },
    ],
    series: [
      {
        type: 'line',
        step: 'end',
        silent: true,
        symbol: 'none',
        lineStyle: { color: PALETTE.data, width: 2 },
        data: [[axis.min, 0], ...ecdfPoints(sample, markedQuantiles(objective)), [axis.max, 1]],
        markArea: intervalBand(objective, judgement, axis, { labelled: true }),
        markLine: objectiveLines(objective, axis, { labelled: true }),
        markPoint: quantilePoints(objective, sample, axis),
      },
      ...timeline(timed, LOWER),
      {
        type: 'line',
        silent: true,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: [],
        markArea: intervalBand(objective, judgement, axis, { labelled: false }),
        markLine: objectiveLines(objective, axis, { labelled: false }),
      },
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

const LOWER = { xAxisIndex: 1, yAxisIndex: 1 };

/** Where the waits between attempts are measured there may be no answer. */
function counted({ unit }: Objective): string {
  return unit === 'ms' ? 'answers' : 'requests';
}

function shareAxis(objective: Objective): AxisRange {
  const shares = new Set([0, 0.25, 0.5, 0.75, ...markedQuantiles(objective), 1]);
  return { type: 'value', min: 0, max: 1, ticks: [...shares].sort((a, b) => a - b) };
}

type MarkPoint = NonNullable<LineSeriesOption['markPoint']>;

/** The interval of the estimate as a band over the values, beside the side that is bad; an open end reaches the end of the axis. */
function intervalBand(
  objective: Objective,
  { interval: [lower, upper], unit }: Judgement,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkArea {
  const [from, to] = [lower ?? axis.min, upper ?? axis.max];
  return {
    silent: true,
    itemStyle: { color: PALETTE.band },
    label: {
      show: labelled,
      ...bandLabel(axis, from, to),
      ...HALO,
      color: PALETTE.data,
      fontSize: 12,
    },
    data: [
      badSide(objective, axis),
      [{ name: `interval ${formatInterval([lower, upper], unit)}`, xAxis: from }, { xAxis: to }],
    ],
  };
}

/** The objective, and the share of answers that it speaks of: the curve must cross that share on the objective's good side. */
function objectiveLines(
  objective: Objective,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkLine {
  const line = objectiveLine(objective, axis, { labelled });
  if (!labelled || objective.quantile === null) return line;
  const atShare = {
    yAxis: objective.quantile,
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: { show: false },
  } as const;
  return { ...line, data: [...(line.data ?? []), atShare] };
}

/** The quantiles that a plot of this objective marks: its own, and of a distribution with a tail P50 or P95 beside it. */
function markedQuantiles({ quantile: q, metric }: Objective): number[] {
  if (metricOf(metric).wantsMore === true && q !== null) return [q];
  return q === null || q === 0.5 ? [0.5, 0.95] : [0.5, q];
}

/** The marked quantiles where they lie on the curve. */
function quantilePoints(objective: Objective, sample: SortedSample, axis: AxisRange): MarkPoint {
  const data = markedQuantiles(objective).map((mark) => {
    const value = quantileOf(objective, sample, mark);
    const turned = positionOnAxis(axis, value) > TURN;
    return {
      name: `P${quantileLabel(mark)}`,
      coord: [value, mark],
      label: {
        position: turned ? ('bottom' as const) : ('right' as const),
        offset: turned ? [0, 4] : [2, 10],
        formatter: `P${quantileLabel(mark)} ${formatValue(value, objective.unit)}`,
      },
    };
  });
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 9,
    itemStyle: { color: PALETTE.data, borderColor: PALETTE.ground, borderWidth: 2 },
    label: { ...HALO, color: PALETTE.ink, fontSize: 12, fontWeight: 'bold' },
    data,
  };
}

/** The quantile as it is judged: between two values it is the one nearer to what is bad. */
function quantileOf({ metric }: Objective, sample: SortedSample, mark: number): number {
  if (metricOf(metric).wantsMore !== true) return quantile(sample, mark);
  return -quantile(sortSample(sample.map((value) => -value)), 1 - mark);
}

/** Steps drawn at most. */
const MOST_STEPS = 400;
/** The tails decide, so this many of the smallest and the greatest values are all drawn. */
const TAIL = 40;

/**
 * Corners of the empirical distribution function: at a value, the share of the sample that is no greater. Of many values only some are
 * drawn, always the tails and those of the named quantiles, so that a marked point lies on the curve.
 */
export function ecdfPoints(sample: SortedSample, quantiles: number[]): [number, number][] {
  const n = sample.length;
  const marked = new Set(quantiles.map((quantile) => quantileRank(n, quantile)));
  const ranks = Array.from(sample, (_, at) => at + 1).filter(
    (rank) => rank === n || valueOfRank(sample, rank + 1) > valueOfRank(sample, rank),
  );
  const drawn = thin(
    ranks,
    MOST_STEPS,
    (rank) => rank <= TAIL || rank > n - TAIL || marked.has(rank),
  );
  return drawn.map((rank) => [valueOfRank(sample, rank), rank / n]);
}
