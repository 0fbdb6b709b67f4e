import type { LineSeriesOption, TitleComponentOption } from 'echarts';
import { type Objective, percent } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { ErrorRates, Interval } from '../../core/statistics/verdict.ts';
import { judge } from '../../core/verdict/judge.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { type AxisRange, linearAxis, xAxis, yAxis } from './axes.ts';
import { dots, MAX_DOTS, type MarkLine, type MarkPoint, thin } from './marks.ts';
import { type Plotted, renderPlot } from './renderPlot.ts';
import { HALO, PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 460 };
const MAX_POINTS = 400;
/** The corners of more bad events would merge. */
const MAX_CORNERS = 100;

/**
 * How the verdict on a share came about. Above: the share of bad requests so far, in the order of sending, with its interval and the
 * allowed share. Below: each bad request, so that a burst looks different from a steady share.
 * @throws RangeError without events
 */
export function shareChart(plotted: Plotted, intervals: IntervalSoFar[]): string {
  const { objective, series, judgement } = plotted;
  const { events } = series;
  if (events.length === 0) throw new RangeError('a plot needs at least one event');
  const n = events.length;
  const bad = events.flatMap((event, at) => (event.bad ? [at + 1] : []));
  const across = linearAxis(0, n);
  const up = shareAxis(objective, judgement);
  const notes = bad.length === 0 ? [NONE_BAD] : [];
  return renderPlot(
    plotted,
    { ...SIZE, notes },
    {
      grid: [
        { left: 76, right: 52, top: 96, height: 240 },
        { left: 76, right: 52, top: 350, height: 44 },
      ],
      xAxis: [xAxis(across, 0, null), xAxis(across, 1, 'requests, in order of sending')],
      yAxis: [
        yAxis(up, 0, 'share of bad requests', (share) => percent(share, 3)),
        yAxis(BAD_ROW, 1, 'bad', () => ''),
      ],
      series: [
        ...intervalSeries(intervals, objective, judgement, up),
        {
          type: 'line',
          lineStyle: { color: PALETTE.ink, width: 2 },
          data: shareSoFar(bad, n),
          markLine: allowedLine(objective),
        },
        dots(
          { points: thin(bad, MAX_DOTS).map((at) => [at, 0.5]), colour: PALETTE.bad, diameter: 6 },
          { xAxisIndex: 1, yAxisIndex: 1 },
        ),
      ],
    },
  );
}

/** An empty row could also mean that nothing was drawn. */
const NONE_BAD: TitleComponentOption = {
  text: 'not one',
  left: 'center',
  top: 362,
  textStyle: { color: PALETTE.muted, fontSize: 13, fontWeight: 'normal' },
};

const BAD_ROW: AxisRange = { type: 'value', min: 0, max: 1, ticks: [] };

/** Shows the estimate and the allowed share. The first intervals, which are the widest, may leave the picture. */
function shareAxis(
  { allowedShare }: Objective,
  { interval: [lower], bad, n }: Judgement,
): AxisRange {
  const worst = lower === null ? 1 : 1 - lower;
  const max = Math.min(1, Math.max(4 * allowedShare, 1.4 * worst, (1.4 * bad) / n));
  return linearAxis(0, max);
}

function shareSoFar(bad: number[], n: number): [number, number][] {
  const isBad = new Set(bad);
  const isCorner = (at: number) => isBad.has(at) || isBad.has(at + 1);
  const all = Array.from({ length: n }, (_, at) => at + 1);
  const drawn = thin(all, MAX_POINTS, bad.length > MAX_CORNERS ? undefined : isCorner);
  let seen = 0;
  return drawn.map((at) => {
    while (seen < bad.length && (bad[seen] ?? n) <= at) seen += 1;
    return [at, seen / at];
  });
}

/** Share of the axis that a line of text takes. */
const TEXT_HEIGHT = 0.12;

/** The allowed share of bad requests. */
function allowedLine({ allowedShare }: Objective): MarkLine {
  return {
    label: {
      ...HALO,
      position: 'insideStartTop',
      formatter: `allowed ${percent(allowedShare)}`,
    },
    data: [{ yAxis: allowedShare }],
  };
}

/** The interval of the share of bad requests as it narrowed, labelled with its last ends. */
function intervalSeries(
  intervals: IntervalSoFar[],
  objective: Objective,
  judgement: Judgement,
  axis: AxisRange,
): LineSeriesOption[] {
  const ends = intervals.map(({ n, interval }) => ({ n, ...badShare(interval) }));
  const line = { type: 'line', stack: 'interval', lineStyle: { opacity: 0 } } as const;
  return [
    { ...line, data: ends.map(({ n, least }) => [n, least]) },
    {
      ...line,
      areaStyle: { color: PALETTE.band, opacity: 1 },
      data: ends.map(({ n, least, most }) => [n, most - least]),
      markPoint: lastInterval(objective, judgement, axis),
    },
  ];
}

function lastInterval(
  { allowedShare }: Objective,
  { n, interval }: Judgement,
  axis: AxisRange,
): MarkPoint {
  const { least, most } = badShare(interval);
  return {
    symbolSize: 7,
    itemStyle: { color: PALETTE.data },
    label: {
      // Away from the line of the allowed share, if there is room.
      position: most < allowedShare && most > axis.max * TEXT_HEIGHT ? 'bottom' : 'top',
      distance: 8,
      align: 'right',
      color: PALETTE.data,
      fontWeight: 'normal',
      formatter: `interval ${percent(least, 3)} to ${percent(most, 3)}`,
    },
    data: [{ name: 'interval', coord: [n, most] }],
  };
}

/** Turns the interval of the share of good requests into that of bad ones. */
function badShare([leastGood, mostGood]: Interval): { least: number; most: number } {
  return {
    least: mostGood === null ? 0 : 1 - mostGood,
    most: leastGood === null ? 1 : 1 - leastGood,
  };
}

/** The interval that the first `n` events give. */
type IntervalSoFar = { n: number; interval: Interval };

const MAX_STEPS = 60;

/** How the interval narrowed as events came in. It shows what more events would bring. */
export function intervalsSoFar(
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
): IntervalSoFar[] {
  const all = [...series.events];
  const total = all.length;
  const sizes = Array.from({ length: total }, (_, at) => at + 1);
  return thin(sizes, MAX_STEPS).map((n) => {
    const events = all.slice(0, n);
    return { n, interval: judge(objective, { ...series, events }, rates).interval };
  });
}
