import type { EChartsOption, LineSeriesOption, TitleComponentOption } from 'echarts';
import { type Objective, percent } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { ErrorRates } from '../../core/verdict/errorRates.ts';
import { judge } from '../../core/verdict/judge.ts';
import type { Interval, Judgement } from '../../core/verdict/verdict.ts';
import { type AxisRange, linearAxis, xAxis, yAxis } from './axes.ts';
import { dots, thin } from './marks.ts';
import { heading, plotTitle } from './renderPlot.ts';
import { HALO, LINE_PRECISION, PALETTE, type PlotSize, renderSvg } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 460 };
const MOST_POINTS = 400;
/** With more bad events than this their corners are too close to be told apart. */
const MOST_CORNERS = 100;
/** Bad events drawn one by one. */
const MOST_DOTS = 300;

/**
 * How the verdict on a share came about: over the requests in the order of sending, the share of bad ones so far with the interval
 * around it, against the share that is allowed; below, each bad request, so that a burst is told from a steady share. With not one
 * bad request the upper end of the interval is the picture: it has to come down under the line.
 * @throws RangeError without events
 */
export function shareChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
  intervals: GrownInterval[],
): string {
  if (events.length === 0) throw new RangeError('a plot needs at least one event');
  const n = events.length;
  const bad = events.flatMap((event, at) => (event.bad ? [at + 1] : []));
  const across = linearAxis(0, n);
  const up = shareAxis(objective, judgement);
  const option: EChartsOption = {
    title: [heading(objective, judgement, SIZE), ...(bad.length === 0 ? [NONE_BAD] : [])],
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
        silent: true,
        symbol: 'none',
        lineStyle: { color: PALETTE.ink, width: 2 },
        data: shareSoFar(bad, n),
        markLine: allowedLine(objective),
      },
      dots(
        {
          points: thin(bad, MOST_DOTS).map((at) => [at, 0.5]),
          colour: PALETTE.bad,
          diameter: 6,
        },
        { xAxisIndex: 1, yAxisIndex: 1 },
      ),
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

/** An empty row could also mean that nothing was drawn. */
const NONE_BAD: TitleComponentOption = {
  text: 'not one',
  left: 'center',
  top: 362,
  textStyle: { color: PALETTE.muted, fontSize: 13, fontWeight: 'normal' },
};

const BAD_ROW: AxisRange = { type: 'value', min: 0, max: 1, ticks: [] };

/** Reaches far enough to show the estimate and what is allowed, and leaves the first, widest intervals out of sight. */
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
  const drawn = thin(all, MOST_POINTS, bad.length > MOST_CORNERS ? undefined : isCorner);
  let seen = 0;
  return drawn.map((at) => {
    while (seen < bad.length && (bad[seen] ?? n) <= at) seen += 1;
    return [at, seen / at];
  });
}

/** Share of the axis that a line of text needs. */
const LOW = 0.12;

/** The share of bad ones that meets the objective. */
function allowedLine({ allowedShare }: Objective): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
    label: {
      ...HALO,
      position: 'insideStartTop',
      color: PALETTE.bad,
      fontSize: 12,
      fontWeight: 'bold',
      formatter: `allowed ${percent(allowedShare)}`,
    },
    data: [{ yAxis: allowedShare }],
  };
}

/** The interval of the share of bad ones as it narrowed, with its last ends in words. */
function intervalSeries(
  intervals: GrownInterval[],
  objective: Objective,
  judgement: Judgement,
  axis: AxisRange,
): LineSeriesOption[] {
  const ends = intervals.map(({ n, interval }) => ({ n, ...badShare(interval) }));
  const line = {
    type: 'line',
    stack: 'interval',
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
  } as const;
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
): NonNullable<LineSeriesOption['markPoint']> {
  const { least, most } = badShare(interval);
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 7,
    itemStyle: { color: PALETTE.data },
    label: {
      ...HALO,
      // On the side of the point where the line of what is allowed is not, if there is room.
      position: most < allowedShare && most > axis.max * LOW ? 'bottom' : 'top',
      distance: 8,
      align: 'right',
      color: PALETTE.data,
      fontSize: 12,
      formatter: `interval ${percent(least, 3)} to ${percent(most, 3)}`,
    },
    data: [{ name: 'interval', coord: [n, most] }],
  };
}

/** An interval of the share of good ones, seen from the other side. */
function badShare([leastGood, mostGood]: Interval): { least: number; most: number } {
  return {
    least: mostGood === null ? 0 : 1 - mostGood,
    most: leastGood === null ? 1 : 1 - leastGood,
  };
}

/** The interval that the first `n` events alone would have given. */
type GrownInterval = { n: number; interval: Interval };

const MOST_STEPS = 60;

/** How the interval narrowed as events came in: by itself no verdict, but it shows what more of them would bring. */
export function intervalsAsGrown(
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
): GrownInterval[] {
  const all = [...series.events];
  const total = all.length;
  const sizes = Array.from({ length: total }, (_, at) => at + 1);
  return thin(sizes, MOST_STEPS).map((n) => {
    const events = all.slice(0, n);
    return { n, interval: judge(objective, { ...series, events }, rates).interval };
  });
}
