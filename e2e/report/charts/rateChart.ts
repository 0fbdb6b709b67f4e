import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import type { EventSeries, RateStep } from '../../core/record/event.ts';
import { quantileRank } from '../../core/statistics/quantile.ts';
import { sortSample, valueOfRank } from '../../core/statistics/sortedSample.ts';
import { formatInterval } from '../../core/verdict/formatEstimate.ts';
import { formatNumber } from '../../core/verdict/formatValue.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import { bandLabel, type MarkArea, type MarkLine, TURN } from './marks.ts';
import { heading, plotTitle } from './renderPlot.ts';
import { HALO, LINE_PRECISION, PALETTE, type PlotSize, renderSvg } from './renderSvg.ts';

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

/** Up to this share of the axis a text that is centred at what it names would be cut off. */
const START = 0.15;

const WORDS = { color: PALETTE.bad, fontSize: 12, fontWeight: 'bold' } as const;

/** What a response time is held against, across the rates, and the rate that is wanted, across the response times. */
function rateLines(
  { objective, unit, keptBelowMs = 0 }: Objective,
  rates: AxisRange,
  times: AxisRange,
): MarkLine {
  const place = positionOnAxis(rates, objective);
  const side = place > TURN ? 'insideStart' : 'insideEnd';
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    data: [
      {
        yAxis: keptBelowMs,
        lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
        label: {
          ...HALO,
          ...WORDS,
          // Below the line where there is no room above it.
          position: positionOnAxis(times, keptBelowMs) > 0.9 ? `${side}Bottom` : `${side}Top`,
          formatter: `limit ${keptBelowMs} ms`,
        },
      },
      {
        xAxis: objective,
        lineStyle: { color: PALETTE.bad, type: 'dashed', width: 2 },
        label: {
          ...WORDS,
          position: 'end',
          align: place > TURN ? 'right' : place < START ? 'left' : 'center',
          formatter: `objective > ${formatNumber(objective, unit)} ${unit}`,
        },
      },
    ],
  };
}

/** Between the highest rate that was shown to be kept and the lowest that was shown not to be; nothing where neither was. */
function kneeBand({ interval, unit }: Judgement, rates: AxisRange): MarkArea {
  const [lower, upper] = interval;
  if (lower === null && upper === null) return { data: [] };
  const [from, to] = [lower ?? rates.min, upper ?? rates.max];
  return {
    silent: true,
    itemStyle: { color: PALETTE.band },
    label: { ...HALO, ...bandLabel(rates, from, to), color: PALETTE.data, fontSize: 12 },
    data: [[{ name: `knee ${formatInterval(interval, unit)}`, xAxis: from }, { xAxis: to }]],
  };
}

/** What a step of a search came to, as a mark of a plot. */
type RateMark = {
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
