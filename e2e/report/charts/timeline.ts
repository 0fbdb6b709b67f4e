import type { SeriesOption } from 'echarts';
import type { Event, Events } from '../../core/record/event.ts';
import { dots } from './dots.ts';
import { PALETTE } from './palette.ts';
import { thin } from './thin.ts';
import { type AxisRange, valueAxis } from './valueAxis.ts';

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
