import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { xAxis, yAxis } from './axisOption.ts';
import { heading, plotTitle } from './heading.ts';
import { PALETTE } from './palette.ts';
import { kneeBand, rateLines } from './rateLines.ts';
import { type RateMark, rateMarks } from './rateSteps.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { type AxisRange, valueAxis } from './valueAxis.ts';

const SIZE: PlotSize = { width: 880, height: 440 };
/** What has no response time is drawn so far above all that has one. */
const ABOVE = 1.6;
/** Leaves room below all of them for words. */
const BELOW = 0.85;

/**
 * The response times at each rate that was offered, with the limit below which a rate is kept, the rate that is wanted and, as a band, where
 * the knee lies. A step at which the harness or the AI mock was the bottleneck is hollow: it says nothing of the target.
 * @throws RangeError without steps
 */
export function rateChart(
  objective: Objective,
  { steps = [] }: EventSeries,
  judgement: Judgement,
): string {
  const marks = rateMarks(objective, steps);
  if (marks.length === 0) throw new RangeError('a plot needs at least one step');
  const rates = valueAxis([...marks.map((mark) => mark.ratePerSecond), objective.objective]);
  const [times, aboveMs] = timesOf(objective, marks);
  const kinds = kindsOf(objective).map(({ name, has, ...look }) => ({
    ...look,
    name,
    points: marks
      .filter(has)
      .map((mark): [number, number] => [mark.ratePerSecond, mark.responseMs ?? aboveMs]),
  }));
  const shown = kinds.filter(({ points }) => points.length > 0);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    legend: {
      top: 66,
      left: 72,
      itemGap: 28,
      itemHeight: 12,
      itemWidth: 12,
      textStyle: { color: PALETTE.ink, fontSize: 12 },
      data: shown.map(({ name }) => name),
    },
    grid: { left: 84, right: 52, top: 124, height: 246 },
    xAxis: xAxis(rates, 0, 'offered rate, requests/s'),
    yAxis: yAxis(times, 0, `response time, P${label(objective)}, ms`),
    series: [
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: PALETTE.data, width: 1, opacity: 0.5 },
        data: marks.flatMap(({ ratePerSecond, responseMs, kind }) =>
          responseMs === null || kind === 'doubted' ? [] : [[ratePerSecond, responseMs]],
        ),
        markArea: kneeBand(judgement, rates),
        markLine: rateLines(objective, rates, times),
      },
      ...shown.map(
        ({ name, symbol, itemStyle, points }): ScatterSeriesOption => ({
          name,
          type: 'scatter',
          silent: true,
          z: 5,
          symbol,
          symbolSize: 11,
          itemStyle,
          data: points,
        }),
      ),
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

/** The axis of the response times, and the place on it of what has none. */
function timesOf({ keptBelowMs = 0 }: Objective, marks: RateMark[]): [AxisRange, number] {
  const known = marks.flatMap(({ responseMs }) => (responseMs === null ? [] : [responseMs]));
  const times = [...known, keptBelowMs];
  const values = [...times, times.reduce((a, b) => Math.min(a, b)) * BELOW];
  const aboveMs = values.reduce((a, b) => Math.max(a, b)) * ABOVE;
  return [valueAxis(known.length === marks.length ? values : [...values, aboveMs]), aboveMs];
}

type Look = {
  name: string;
  has: (mark: RateMark) => boolean;
  symbol: 'circle' | 'triangle' | 'diamond';
  itemStyle: { color: string; borderColor: string; borderWidth: number; opacity: number };
};

function kindsOf(objective: Objective): Look[] {
  const { allowedShare } = objective;
  const filled = (color: string) => ({
    color,
    borderColor: PALETTE.ground,
    borderWidth: 1,
    opacity: 1,
  });
  const hollow = { color: PALETTE.ground, borderColor: PALETTE.muted, borderWidth: 2, opacity: 1 };
  return [
    {
      name: 'below the limit',
      has: ({ kind }) => kind === 'kept',
      symbol: 'circle',
      itemStyle: filled(PALETTE.data),
    },
    {
      name: 'not below it',
      has: ({ kind, responseMs }) => kind === 'notKept' && responseMs !== null,
      symbol: 'diamond',
      itemStyle: filled(PALETTE.bad),
    },
    {
      name: `more than ${percent(allowedShare)} failed`,
      has: ({ kind, responseMs }) => kind === 'notKept' && responseMs === null,
      symbol: 'triangle',
      itemStyle: filled(PALETTE.bad),
    },
    {
      name: 'says nothing: harness or AI mock was the bottleneck',
      has: ({ kind }) => kind === 'doubted',
      symbol: 'circle',
      itemStyle: hollow,
    },
  ];
}

function label({ allowedShare }: Objective): string {
  return quantileLabel(1 - allowedShare);
}
