import { type EventColumns, valueColumns } from '../../core/record/event.ts';
import { formatValue } from '../../core/verdict/format.ts';
import { type AxisRange, positionOnAxis, valueAxis, xAxis, yAxis } from './axes.ts';
import {
  badSide,
  LABEL_LEFT_FROM,
  type MarkPoint,
  marksOnly,
  objectiveLine,
  timeAxis,
  timeline,
  timeRange,
} from './marks.ts';
import { type Plotted, renderPlot, valueName } from './renderPlot.ts';
import { PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 360 };

/**
 * For an objective that no value may exceed: each value at its time in the run, with the objective and a label at the greatest. Each is
 * drawn, since a single one decides.
 * @throws RangeError when no event has a value
 */
export function limitChart(plotted: Plotted): string {
  const { objective, series } = plotted;
  const timed = valueColumns(series.events);
  const { values } = timed;
  if (values.length === 0) throw new RangeError('a plot needs at least one value');
  const greatest = values.reduce((a, b) => Math.max(a, b));
  const smallest = values.reduce((a, b) => Math.min(a, b));
  const axis = valueAxis([smallest, greatest, objective.objective]);
  const range = timeRange(timed);
  return renderPlot(plotted, SIZE, {
    grid: { left: 76, right: 52, top: 96, height: 200 },
    xAxis: xAxis(axis, 0, `${valueName(objective)}, ${objective.unit}`),
    yAxis: { ...yAxis(timeAxis(range), 0, 'time in run, s'), inverse: true },
    series: [
      marksOnly({
        markArea: { data: [badSide(objective, axis)] },
        markLine: objectiveLine(objective, axis, { labelled: true, inverse: true }),
        markPoint: greatestPoint(timed, values.indexOf(greatest), axis, objective.unit),
      }),
      ...timeline(timed, range),
    ],
  });
}

function greatestPoint(
  { values, atMs, bad }: EventColumns,
  place: number,
  axis: AxisRange,
  unit: string,
): MarkPoint {
  const value = values[place] as number;
  const colour = bad[place] === 1 ? PALETTE.bad : PALETTE.data;
  const seconds = ((atMs.at(place) as number) - (atMs.at(0) as number)) / 1000;
  return {
    symbolSize: 10,
    itemStyle: { color: colour, borderColor: PALETTE.ground, borderWidth: 2 },
    label: {
      position: positionOnAxis(axis, value) > LABEL_LEFT_FROM ? 'left' : 'right',
      color: PALETTE.ink,
      formatter: `max ${formatValue(value, unit)}`,
    },
    data: [{ name: 'max', coord: [value, seconds] }],
  };
}

const COUNT_SIZE: PlotSize = { width: 880, height: 380 };

/**
 * The number of requests for each count: a bar holds one count or several neighbouring ones, and is red beyond the objective.
 * @throws RangeError when no event has a value
 */
export function countChart(plotted: Plotted): string {
  const { objective } = plotted;
  const { events } = plotted.series;
  const counts = events.flatMap(({ value }) => (value === null ? [] : [value]));
  if (counts.length === 0) throw new RangeError('a plot needs at least one value');
  const bars = countBars(counts, objective.objective);
  return renderPlot(plotted, COUNT_SIZE, {
    grid: { left: 76, right: 52, top: 100, height: 190 },
    xAxis: {
      type: 'category',
      data: bars.map(({ label, beyond }) => ({
        value: beyond ? `${label}\n(beyond)` : label,
        textStyle: { color: beyond ? PALETTE.bad : PALETTE.muted },
      })),
      nameGap: 48,
      name: `${valueName(objective)}, per request`,
      axisLabel: { fontSize: 11, interval: 0 },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      nameGap: 48,
      name: 'requests',
      axisLine: { show: false },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 64,
        label: { show: true, position: 'top', color: PALETTE.ink, fontSize: 12 },
        data: bars.map(({ requests, beyond }) => ({
          value: requests,
          itemStyle: { color: beyond ? PALETTE.bad : PALETTE.data },
        })),
      },
    ],
  });
}

/** Most bars. */
const MAX_BARS = 12;
/** Most bars within the objective: the others show what lies beyond it. */
const MAX_BARS_WITHIN = 8;

/** The number of requests with one count, or with one of several neighbouring counts. */
type CountBar = { label: string; requests: number; beyond: boolean };

/**
 * Sorts counts into bars of equal width. One bar ends at the objective, so that no bar is partly beyond it. The last bar takes all greater
 * counts.
 */
export function countBars(counts: number[], objective: number): CountBar[] {
  const greatest = counts.reduce((a, b) => Math.max(a, b), 0);
  const width = Math.ceil((objective + 1) / MAX_BARS_WITHIN);
  const within = Math.ceil((objective + 1) / width);
  const needed = within + Math.max(0, Math.ceil((greatest - objective) / width));
  const total = Math.min(needed, MAX_BARS);
  return Array.from({ length: total }, (_, at) => {
    const last = objective + (at + 1 - within) * width;
    const first = Math.max(0, last - width + 1);
    const takesRest = at === total - 1 && needed > total;
    const requests = counts.filter(
      (count) => count >= first && (takesRest || count <= last),
    ).length;
    const range = first === last ? String(first) : `${first}–${last}`;
    return { label: takesRest ? `${first} or more` : range, requests, beyond: last > objective };
  });
}
