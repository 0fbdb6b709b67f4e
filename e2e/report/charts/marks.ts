import type { CustomSeriesOption, LineSeriesOption, SeriesOption } from 'echarts';
import { metricOf } from '../../core/budget/metrics.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { Event, Events } from '../../core/record/event.ts';
import { type AxisRange, positionOnAxis, valueAxis } from './axes.ts';
import { LINE_PRECISION, PALETTE } from './renderSvg.ts';

export type MarkArea = NonNullable<LineSeriesOption['markArea']>;
export type MarkLine = NonNullable<LineSeriesOption['markLine']>;

/** Beyond this share of the axis a text stands left of what it names, or it would be cut off. */
export const TURN = 0.72;
/** Up to this share of the axis a text in the middle of what it names would be cut off. */
const START = 0.1;

/**
 * A line across the values where the objective is, in words above it if it is labelled.
 * @param inverse the other axis begins at the top
 */
export function objectiveLine(
  { objective, metric, unit, quantile }: Objective,
  axis: AxisRange,
  { labelled, inverse = false }: { labelled: boolean; inverse?: boolean },
): MarkLine {
  const position = positionOnAxis(axis, objective);
  const wantsMore = metricOf(metric).wantsMore === true;
  const sign = wantsMore ? '>' : quantile === null ? '≤' : '<';
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    data: [
      {
        xAxis: objective,
        lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
        label: {
          show: labelled,
          position: inverse ? 'start' : 'end',
          align: position > TURN ? 'right' : position < START ? 'left' : 'center',
          color: PALETTE.bad,
          fontSize: 12,
          fontWeight: 'bold',
          formatter: `objective ${sign} ${objective} ${unit}`,
        },
      },
    ],
  };
}

/** The values that are bad, as an area from the objective to the end of the axis that lies on their side. */
export function badSide(
  { objective, metric }: Objective,
  { min, max }: AxisRange,
): NonNullable<MarkArea['data']>[number] {
  const wantsMore = metricOf(metric).wantsMore === true;
  return [
    {
      xAxis: wantsMore ? min : objective,
      itemStyle: { color: PALETTE.badSide },
      label: { show: false },
    },
    { xAxis: wantsMore ? objective : max },
  ];
}

/** A band wider than this holds its own text. */
const WIDE = 0.26;

type Place = Pick<NonNullable<MarkArea['label']>, 'position' | 'align' | 'offset'>;
const INSIDE: Place = { position: 'insideBottom', offset: [0, -4] };
const BEFORE: Place = { position: 'insideBottomLeft', align: 'right', offset: [-14, -4] };
const BEHIND: Place = { position: 'insideBottomRight', align: 'left', offset: [14, -4] };

/** Where the text of a band from one value to another has room: in it, or on the side where the plot goes on. */
export function bandLabel(axis: AxisRange, from: number, to: number): Place {
  const end = positionOnAxis(axis, to);
  if (end - positionOnAxis(axis, from) > WIDE) return INSIDE;
  return end > TURN ? BEFORE : BEHIND;
}

/** A quiet line across the other axis at a place of this one, in words at one of its ends. */
export function dashedLine(
  at: number,
  axis: AxisRange,
  { words, position }: { words: string; position: 'start' | 'end' },
): MarkLine {
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: {
      position,
      align: positionOnAxis(axis, at) > TURN ? 'right' : 'center',
      color: PALETTE.muted,
      fontSize: 12,
      formatter: words,
    },
    data: [{ xAxis: at }],
  };
}

/** Dots of one kind. */
type Dots = { points: [number, number][]; colour: string; diameter: number };

/**
 * Draws any number of dots as one path. A scatter series writes an element of some 200 bytes for each dot, and a plot is embedded in
 * a report. A segment of next to no length with round caps is a dot.
 */
export function dots(
  { points, colour, diameter }: Dots,
  axes: { xAxisIndex: number; yAxisIndex: number },
): CustomSeriesOption {
  return {
    type: 'custom',
    ...axes,
    silent: true,
    clip: true,
    data: points.length === 0 ? [] : [points[0] as [number, number]],
    renderItem: (_, { coord }) => ({
      type: 'path',
      shape: { pathData: points.map((point) => dotAt(coord(point))).join('') },
      style: { fill: 'none', stroke: colour, lineWidth: diameter, lineCap: 'round' },
    }),
  };
}

function dotAt([x, y]: number[]): string {
  if (x === undefined || y === undefined) throw new RangeError('a dot lies on two axes');
  return `M${x.toFixed(1)} ${y.toFixed(1)}l0.01 0`;
}

/** Dots drawn of good ones, and of bad ones. */
const MOST_DOTS = 300;

export type TimedEvent = Event & { value: number };

/** The events that have a value. */
export function timedEvents(events: Events): TimedEvent[] {
  return [...events].filter((event): event is TimedEvent => event.value !== null);
}

/** Each event at its value and its time in the run; bad ones in red, larger, and on top. */
export function timeline(
  events: TimedEvent[],
  axes: { xAxisIndex: number; yAxisIndex: number },
): SeriesOption[] {
  const startMs = firstMs(events);
  const pointsOf = (wanted: boolean) =>
    thin(
      events.filter(({ bad }) => bad === wanted),
      MOST_DOTS,
    ).map(({ value, atMs }): [number, number] => [value, (atMs - startMs) / 1000]);
  return [
    dots({ points: pointsOf(false), colour: PALETTE.data, diameter: 4 }, axes),
    dots({ points: pointsOf(true), colour: PALETTE.bad, diameter: 6 }, axes),
  ];
}

/** Seconds from the first event on. */
export function timeAxis(events: TimedEvent[]): AxisRange {
  const startMs = firstMs(events);
  const seconds = events.map(({ atMs }) => (atMs - startMs) / 1000);
  const { type, ticks, max } = valueAxis([0, seconds.reduce((a, b) => Math.max(a, b), 0)]);
  return { type, min: -max * 0.04, max, ticks };
}

function firstMs(events: TimedEvent[]): number {
  return events.reduce((first, { atMs }) => Math.min(first, atMs), Number.POSITIVE_INFINITY);
}

/**
 * Keeps about `most` items, evenly spread by position, first and last among them, and every one that `keep` names: a plot must stay
 * small, but what is rare in it is what it is looked at for. Draws nothing at random, so the same items give the same plot.
 */
export function thin<T>(items: T[], most: number, keep: (item: T) => boolean = () => false): T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  const spread = new Set(Array.from({ length: most }, (_, at) => Math.round(at * step)));
  return items.filter((item, at) => spread.has(at) || keep(item));
}
