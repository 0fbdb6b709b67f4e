import type { LineSeriesOption } from 'echarts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import { valueColumns } from '../../core/record/event.ts';
import {
  quantile,
  quantileRank,
  type SortedSample,
  sortInPlace,
  sortSample,
  valueOfRank,
} from '../../core/statistics/quantile.ts';
import { formatValue } from '../../core/verdict/format.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import {
  badSide,
  dots,
  intervalBand,
  LABEL_LEFT_FROM,
  type MarkLine,
  type MarkPoint,
  marksOnly,
  objectiveLine,
  thinPlaces,
  timeAxis,
  timeline,
  timeRange,
} from './marks.ts';
import { type Plotted, renderPlot, valueName } from './renderPlot.ts';
import { PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 540 };

/** A quantile in each of some earlier runs, drawn as dots at its share. */
export type Earlier = {
  quantile: number;
  values: number[];
  colour: string;
  diameter: number;
  /** In the last of them, whose quantiles a line joins. */
  last?: number;
};

/**
 * The distribution of the values and when they occurred. Above: the share of answers up to each value (ECDF), with the objective, the
 * interval of the estimate and P50/P95. Below, on the same axis: each answer at its time in the run, so that a burst shows.
 * @throws RangeError when no event has a value
 */
export function quantileChart(plotted: Plotted, earlier: readonly Earlier[] = []): string {
  const { objective, series, judgement } = plotted;
  const timed = valueColumns(series.events);
  const range = timeRange(timed);
  const below = { axis: timeAxis(range), dots: timeline(timed, range, LOWER) };
  // In place, now that the order of time is drawn: a copy of the values of a load takes much memory.
  const sample = sortInPlace(timed.values);
  const axis = valueAxis([
    valueOfRank(sample, 1),
    valueOfRank(sample, sample.length),
    objective.objective,
    ...earlier.flatMap(({ values }) => values),
    // A percentage far below the objective is almost zero, so its axis starts there and stays linear.
    ...(objective.unit === '%' ? [0] : []),
  ]);
  const bands = (labelled: boolean) => {
    const { interval, unit } = judgement;
    const band = intervalBand(['interval', unit], interval, axis, labelled);
    return { ...band, data: [badSide(objective, axis), ...(band.data ?? [])] };
  };
  return renderPlot(plotted, SIZE, {
    grid: [
      { left: 76, right: 52, top: 96, height: 260 },
      { left: 76, right: 52, top: 372, height: 104 },
    ],
    xAxis: [xAxis(axis, 0, null), xAxis(axis, 1, `${valueName(objective)}, ${objective.unit}`)],
    yAxis: [
      yAxis(shareAxis(objective), 0, `share of ${eventName(objective)}`, (share) => percent(share)),
      { ...yAxis(below.axis, 1, 'time in run, s'), inverse: true },
    ],
    series: [
      ...earlier.map(({ quantile, values, colour, diameter }) =>
        dots({ points: values.map((value) => [value, quantile]), colour, diameter }),
      ),
      ...lastRun(earlier),
      {
        type: 'line',
        step: 'end',
        lineStyle: { color: PALETTE.data, width: 2 },
        data: [[axis.min, 0], ...ecdfPoints(sample, markedQuantiles(objective)), [axis.max, 1]],
        markArea: bands(true),
        markLine: objectiveLines(objective, axis),
        markPoint: quantilePoints(objective, sample, axis),
      },
      ...below.dots,
      marksOnly(
        { markArea: bands(false), markLine: objectiveLine(objective, axis, { labelled: false }) },
        LOWER,
      ),
    ],
  });
}

/** As much of its distribution as is known. */
function lastRun(earlier: readonly Earlier[]): LineSeriesOption[] {
  const points = earlier.flatMap(({ last, quantile }) =>
    last === undefined ? [] : [[last, quantile]],
  );
  if (points.length < 2) return [];
  return [
    {
      type: 'line',
      lineStyle: { color: PALETTE.muted, type: 'dashed', width: 2 },
      data: points.toSorted(([, a = 0], [, b = 0]) => a - b),
    },
  ];
}

const LOWER = { xAxisIndex: 1, yAxisIndex: 1 };

/** A request whose waits between attempts are compared may have no answer. */
function eventName({ unit }: Objective): string {
  return unit === 'ms' ? 'answers' : 'requests';
}

function shareAxis(objective: Objective): AxisRange {
  const shares = new Set([0, 0.25, 0.5, 0.75, ...markedQuantiles(objective), 1]);
  return { type: 'value', min: 0, max: 1, ticks: [...shares].sort((a, b) => a - b) };
}

/** The objective and its quantile: the curve must cross the quantile on the good side of the objective. */
function objectiveLines(objective: Objective, axis: AxisRange): MarkLine {
  const line = objectiveLine(objective, axis, { labelled: true });
  if (objective.quantile === null) return line;
  const atShare = {
    yAxis: objective.quantile,
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: { show: false },
  } as const;
  return { ...line, data: [...(line.data ?? []), atShare] };
}

/** The objective's own quantile, and P50 or P95 to show the shape of the distribution. */
function markedQuantiles({ quantile: q, metric }: Objective): number[] {
  if (metric.wantsMore === true && q !== null) return [q];
  return q === null || q === 0.5 ? [0.5, 0.95] : [0.5, q];
}

/** The marked quantiles, as points of the curve. */
function quantilePoints(objective: Objective, sample: SortedSample, axis: AxisRange): MarkPoint {
  const data = markedQuantiles(objective).map((mark) => {
    const value = computeQuantile(objective, sample, mark);
    const turned = positionOnAxis(axis, value) > LABEL_LEFT_FROM;
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
    symbolSize: 9,
    itemStyle: { color: PALETTE.data, borderColor: PALETTE.ground, borderWidth: 2 },
    label: { color: PALETTE.ink },
    data,
  };
}

/** The quantile as it is judged: of two neighbouring values, the worse one. */
function computeQuantile({ metric }: Objective, sample: SortedSample, mark: number): number {
  if (metric.wantsMore !== true) return quantile(sample, mark);
  return -quantile(sortSample(sample.map((value) => -value)), 1 - mark);
}

/** Most steps of the curve. */
const MAX_STEPS = 400;
/** The tails decide, so this many of the smallest and of the greatest values are all drawn. */
const TAIL = 40;

/**
 * Corners of the empirical distribution function: the share of the sample up to each value. Of many values only some are drawn, but always
 * the tails and these quantiles, so that a marked point lies on the curve.
 */
export function ecdfPoints(sample: SortedSample, quantiles: number[]): [number, number][] {
  const n = sample.length;
  const marked = new Set(quantiles.map((quantile) => quantileRank(n, quantile)));
  const drawn = thinPlaces(
    n,
    MAX_STEPS,
    (place) => place === n - 1 || (sample[place + 1] as number) > (sample[place] as number),
    (place) => place < TAIL || place >= n - TAIL || marked.has(place + 1),
  );
  return drawn.map((place) => [valueOfRank(sample, place + 1), (place + 1) / n]);
}
