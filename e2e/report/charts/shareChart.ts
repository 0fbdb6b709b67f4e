import type { EChartsOption, TitleComponentOption } from 'echarts';
import { type Objective, percent } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { xAxis, yAxis } from './axisOption.ts';
import { dots } from './dots.ts';
import { heading, plotTitle } from './heading.ts';
import type { GrownInterval } from './intervalsAsGrown.ts';
import { PALETTE } from './palette.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { allowedLine, intervalSeries } from './shareMarks.ts';
import { thin } from './thin.ts';
import { type AxisRange, linearAxis } from './valueAxis.ts';

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
