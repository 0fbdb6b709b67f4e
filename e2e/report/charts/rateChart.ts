import type { ScatterSeriesOption } from 'echarts';
import { type Objective, percent, quantileLabel } from '../../core/budget/objective.ts';
import type { RateStep } from '../../core/record/event.ts';
import { quantileRank, sortSample, valueOfRank } from '../../core/statistics/quantile.ts';
import { formatNumber } from '../../core/verdict/format.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import { intervalBand, labelAlign, type MarkLine, TURN } from './marks.ts';
import { type Plotted, renderPlot } from './renderPlot.ts';
import { HALO, PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 440 };
/** A step without a response time is drawn this much above all others. */
const ABOVE = 1.6;
/** Leaves room for words below all steps. */
const BELOW = 0.85;

/**
 * The response time at each offered rate, with the limit below which a rate is kept, the objective and, as a band, the interval of the
 * knee. A step at which the harness or the AI mock was the bottleneck is hollow: it says nothing of the target.
 * @throws RangeError without steps
 */
export function rateChart(plotted: Plotted): string {
  const { objective, series, judgement } = plotted;
  const { steps = [] } = series;
  const marks = rateMarks(objective, steps);
  if (marks.length === 0) throw new RangeError('a plot needs at least one step');
  const rates = valueAxis([...marks.map((mark) => mark.ratePerSecond), objective.objective]);
  const [times, aboveMs] = timesOf(objective, marks);
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

/** The axis of the response times, and the place on it of a step without one. */
function timesOf({ keptBelowMs = 0 }: Objective, marks: RateMark[]): [AxisRange, number] {
  const known = marks.flatMap(({ responseMs }) => (responseMs === null ? [] : [responseMs]));
  const times = [...known, keptBelowMs];
  const values = [...times, times.reduce((a, b) => Math.min(a, b)) * BELOW];
  const aboveMs = values.reduce((a, b) => Math.max(a, b)) * ABOVE;
  return [valueAxis(known.length === marks.length ? values : [...values, aboveMs]), aboveMs];
}

/** How the steps of each kind look. */
const LOOKS = {
  kept: { symbol: 'circle', color: PALETTE.data },
  slow: { symbol: 'diamond', color: PALETTE.bad },
  failed: { symbol: 'triangle', color: PALETTE.bad },
  unknown: { symbol: 'circle', color: PALETTE.ground, borderColor: PALETTE.muted, borderWidth: 2 },
} as const;

type Kind = keyof typeof LOOKS;

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
  const series = (Object.keys(LOOKS) as Kind[]).map((wanted) => {
    const { symbol, ...style } = LOOKS[wanted];
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

/** Up to this share of the axis a centred text would be cut off. */
const START = 0.15;

/** The limit of the response time, and the objective of the rate. */
function rateLines(
  { objective, unit, keptBelowMs = 0 }: Objective,
  rates: AxisRange,
  times: AxisRange,
): MarkLine {
  const place = positionOnAxis(rates, objective);
  const side = place > TURN ? 'insideStart' : 'insideEnd';
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
          align: labelAlign(place, START),
          formatter: `objective > ${formatNumber(objective, unit)} ${unit}`,
        },
      },
    ],
  };
}

/** The result of a step of a search. */
type RateMark = {
  ratePerSecond: number;
  /** Response time at the quantile; null if a failed request has that rank. */
  responseMs: number | null;
  kind: Kind;
};

/** The steps in the order of their rates. A request without an answer ranks as the slowest. */
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
