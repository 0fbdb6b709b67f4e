import type { EChartsOption, SeriesOption } from 'echarts';
import { type Objective, percent } from '../core/budget/objective.ts';
import type { Event, EventSeries } from '../core/record/event.ts';
import { sortSample, valueOfRank } from '../core/statistics/sortedSample.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { xAxis, yAxis } from './axisOption.ts';
import { dots } from './dots.ts';
import { ecdfPoints } from './ecdfPoints.ts';
import { heading, plotTitle } from './heading.ts';
import { PALETTE } from './palette.ts';
import { intervalBand, markedQuantiles, objectiveLines, quantilePoints } from './quantileMarks.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { thin } from './thin.ts';
import { type AxisRange, valueAxis } from './valueAxis.ts';

const SIZE: PlotSize = { width: 880, height: 540 };
/** Dots drawn of good answers, and of bad ones. */
const MOST_DOTS = 300;

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
  const timed = events.filter((event): event is TimedEvent => event.value !== null);
  const sample = sortSample(timed.map((event) => event.value));
  const axis = valueAxis([
    valueOfRank(sample, 1),
    valueOfRank(sample, sample.length),
    objective.objective,
  ]);
  const { operation, metric, unit } = objective;
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: [
      { left: 76, right: 52, top: 96, height: 260 },
      { left: 76, right: 52, top: 372, height: 104 },
    ],
    xAxis: [xAxis(axis, 0, null), xAxis(axis, 1, `${operation} ${metric}, ${unit}`)],
    yAxis: [
      yAxis(shareAxis(objective), 0, 'share of answers', (share) => percent(share)),
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
        markArea: intervalBand(judgement, axis, { labelled: true }),
        markLine: objectiveLines(objective, axis, { labelled: true }),
        markPoint: quantilePoints(objective, sample, axis),
      },
      ...timeline(timed),
      {
        type: 'line',
        silent: true,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: [],
        markArea: intervalBand(judgement, axis, { labelled: false }),
        markLine: objectiveLines(objective, axis, { labelled: false }),
      },
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

type TimedEvent = Event & { value: number };

function shareAxis(objective: Objective): AxisRange {
  const shares = new Set([0, 0.25, 0.5, 0.75, ...markedQuantiles(objective), 1]);
  return { type: 'value', min: 0, max: 1, ticks: [...shares].sort((a, b) => a - b) };
}

function timeline(events: TimedEvent[]): SeriesOption[] {
  const startMs = firstMs(events);
  const pointsOf = (wanted: boolean) =>
    thin(
      events.filter(({ bad }) => bad === wanted),
      MOST_DOTS,
    ).map(({ value, atMs }): [number, number] => [value, (atMs - startMs) / 1000]);
  return [
    dots({ points: pointsOf(false), colour: PALETTE.data, diameter: 4 }, LOWER),
    dots({ points: pointsOf(true), colour: PALETTE.bad, diameter: 6 }, LOWER),
  ];
}

const LOWER = { xAxisIndex: 1, yAxisIndex: 1 };

function timeAxis(events: TimedEvent[]): AxisRange {
  const startMs = firstMs(events);
  const seconds = events.map(({ atMs }) => (atMs - startMs) / 1000);
  const { type, ticks, max } = valueAxis([0, seconds.reduce((a, b) => Math.max(a, b), 0)]);
  return { type, min: -max * 0.04, max, ticks };
}

function firstMs(events: TimedEvent[]): number {
  return events.reduce((first, { atMs }) => Math.min(first, atMs), Number.POSITIVE_INFINITY);
}
