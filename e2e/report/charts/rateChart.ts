import type { ScatterSeriesOption } from 'echarts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import type { RateStep } from '../../core/record/event.ts';
import { quantileRank, sortSample, valueOfRank } from '../../core/statistics/quantile.ts';
import { formatNumber } from '../../core/verdict/format.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import { intervalBand, LABEL_LEFT_FROM, labelAlign, type MarkLine } from './marks.ts';
import { type Plotted, renderPlot } from './renderPlot.ts';
import { HALO, PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 440 };
/** A step without a response time is drawn this many times higher than all others. */
const NO_ANSWER_FACTOR = 1.6;
/** Leaves room for text below all steps. */
const ROOM_BELOW_FACTOR = 0.85;

/**
 * The response time at each offered rate, with the limit of the response time, the objective and, as a band, the interval of the knee. A
 * step at which the harness or the AI mock was the bottleneck is hollow: it says nothing about the target.
 * @throws RangeError without steps
 */
export function rateChart(plotted: Plotted): string {
  const { objective, series, judgement } = plotted;
  const { steps = [] } = series;
  const marks = rateMarks(objective, steps);
  if (marks.length === 0) throw new RangeError('a plot needs at least one step');
  const rates = valueAxis([...marks.map((mark) => mark.ratePerSecond), objective.objective]);
  const [times, aboveMs] = responseAxis(objective, marks);
  const shown = stepSeries(objective, marks, aboveMs);
  const { interval, unit } = judgement;
  const isKneeKnown = interval.some((end) => end !== null);
  return renderPlot(plotted, SIZE, {
    legend: {
      top: 66,
      left: 72,
      itemGap: 28,
      itemHeight: 12,
      itemWidth: 12,
      data: shown.map(({ name }) => name),
    },
    grid: { left: 84, right: 52, top: 124, height: 246 },
    xAxis: xAxis(rates, 0, 'offered rate, requests/s'),
    yAxis: yAxis(times, 0, `response time, P${quantileLabel(1 - objective.allowedShare)}, ms`),
    series: [
      {
        type: 'line',
        lineStyle: { color: PALETTE.data, width: 1, opacity: 0.5 },
        data: marks.flatMap(({ ratePerSecond, responseMs, kind }) =>
          responseMs === null || kind === 'unknown' ? [] : [[ratePerSecond, responseMs]],
        ),
        markArea: isKneeKnown ? intervalBand(['knee', unit], interval, rates) : { data: [] },
        markLine: rateLines(objective, rates, times),
      },
      ...shown,
    ],
  });
}

/** The axis of the response times, and where a step without one stands on it. */
function responseAxis({ keptBelowMs = 0 }: Objective, marks: RateMark[]): [AxisRange, number] {
  const known = marks.flatMap(({ responseMs }) => (responseMs === null ? [] : [responseMs]));
  const times = [...known, keptBelowMs];
  const values = [...times, times.reduce((a, b) => Math.min(a, b)) * ROOM_BELOW_FACTOR];
  const aboveMs = values.reduce((a, b) => Math.max(a, b)) * NO_ANSWER_FACTOR;
  return [valueAxis(known.length === marks.length ? values : [...values, aboveMs]), aboveMs];
}

/** How each kind of step is drawn. */
const STYLES = {
  kept: { symbol: 'circle', color: PALETTE.data },
  slow: { symbol: 'diamond', color: PALETTE.bad },
  failed: { symbol: 'triangle', color: PALETTE.bad },
  unknown: { symbol: 'circle', color: PALETTE.ground, borderColor: PALETTE.muted, borderWidth: 2 },
} as const;

type Kind = keyof typeof STYLES;

/** A series for each kind of step that occurred; the legend shows its name. */
function stepSeries(
  { allowedShare }: Objective,
  marks: RateMark[],
  aboveMs: number,
): (ScatterSeriesOption & { name: string })[] {
  const names: Record<Kind, string> = {
    kept: 'below the limit',
    slow: 'not below it',
    failed: `more than ${percent(allowedShare)} failed`,
    unknown: 'says nothing: harness or AI mock was the bottleneck',
  };
  const series = (Object.keys(STYLES) as Kind[]).map((wanted) => {
    const { symbol, ...style } = STYLES[wanted];
    return {
      name: names[wanted],
      type: 'scatter' as const,
      z: 5,
      symbol,
      symbolSize: 11,
      itemStyle: { borderColor: PALETTE.ground, borderWidth: 1, opacity: 1, ...style },
      data: marks
        .filter(({ kind }) => kind === wanted)
        .map(({ ratePerSecond, responseMs }) => [ratePerSecond, responseMs ?? aboveMs]),
    };
  });
  return series.filter(({ data }) => data.length > 0);
}

/** Up to this share of the axis, a centred text would be cut off. */
const LABEL_CENTRED_FROM = 0.15;

/** The limit of the response time, and the objective of the rate. */
function rateLines(
  { objective, unit, keptBelowMs = 0 }: Objective,
  rates: AxisRange,
  times: AxisRange,
): MarkLine {
  const place = positionOnAxis(rates, objective);
  const side = place > LABEL_LEFT_FROM ? 'insideStart' : 'insideEnd';
  return {
    data: [
      {
        yAxis: keptBelowMs,
        label: {
          ...HALO,
          // Below the line if there is no room above it.
          position: positionOnAxis(times, keptBelowMs) > 0.9 ? `${side}Bottom` : `${side}Top`,
          formatter: `limit ${keptBelowMs} ms`,
        },
      },
      {
        xAxis: objective,
        lineStyle: { type: 'dashed' },
        label: {
          position: 'end',
          align: labelAlign(place, LABEL_CENTRED_FROM),
          formatter: `objective > ${formatNumber(objective, unit)} ${unit}`,
        },
      },
    ],
  };
}

/** The result of a step of a search. */
type RateMark = {
  ratePerSecond: number;
  /** Response time at the judged quantile; null if a failed request stands there. */
  responseMs: number | null;
  kind: Kind;
};

/** The steps ordered by rate. A request without an answer counts as the slowest. */
export function rateMarks(
  { allowedShare, keptBelowMs = 0 }: Objective,
  steps: readonly RateStep[],
): RateMark[] {
  const marks = steps.map(({ ratePerSecond, events, interference }): RateMark => {
    const answered = events.flatMap(({ value }) => (value === null ? [] : [value]));
    const rank = quantileRank(events.length, 1 - allowedShare);
    const responseMs = rank > answered.length ? null : valueOfRank(sortSample(answered), rank);
    const kind = responseMs === null ? 'failed' : responseMs < keptBelowMs ? 'kept' : 'slow';
    return { ratePerSecond, responseMs, kind: interference === null ? kind : 'unknown' };
  });
  return marks.sort((a, b) => a.ratePerSecond - b.ratePerSecond);
}
