import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventColumns } from '../../core/record/event.ts';
import type { Interval } from '../../core/statistics/verdict.ts';
import { formatInterval } from '../../core/verdict/format.ts';
import { type AxisRange, positionOnAxis, valueAxis } from './axes.ts';
import { HALO, PALETTE } from './renderSvg.ts';

type MarkArea = NonNullable<LineSeriesOption['markArea']>;
export type MarkLine = NonNullable<LineSeriesOption['markLine']>;
export type MarkPoint = NonNullable<LineSeriesOption['markPoint']>;
type Axes = { xAxisIndex: number; yAxisIndex: number };

const FIRST_AXES: Axes = { xAxisIndex: 0, yAxisIndex: 0 };

/** From this share of the axis on, a text stands left of its point, or the picture would cut it off. */
export const LABEL_LEFT_FROM = 0.72;
/** Up to this share of the axis, a centred text would be cut off. */
const LABEL_CENTRED_FROM = 0.1;

/** A series without data that carries marks. */
export function marksOnly(
  marks: Pick<LineSeriesOption, 'markArea' | 'markLine' | 'markPoint'>,
  axes = FIRST_AXES,
): LineSeriesOption {
  return { type: 'line', ...axes, data: [], ...marks };
}

/** A line at the objective across the values. `inverse`: the other axis begins at the top. */
export function objectiveLine(
  { objective, metric, unit, quantile }: Objective,
  axis: AxisRange,
  { labelled, inverse = false }: { labelled: boolean; inverse?: boolean },
): MarkLine {
  const wantsMore = metric.wantsMore === true;
  const sign = wantsMore ? '>' : quantile === null ? '≤' : '<';
  return {
    data: [
      {
        xAxis: objective,
        label: {
          show: labelled,
          position: inverse ? 'start' : 'end',
          align: labelAlign(positionOnAxis(axis, objective), LABEL_CENTRED_FROM),
          formatter: `objective ${sign} ${objective} ${unit}`,
        },
      },
    ],
  };
}

/** @param start share of the axis up to which a centred text would be cut off */
export function labelAlign(position: number, start: number): 'left' | 'center' | 'right' {
  if (position > LABEL_LEFT_FROM) return 'right';
  return position < start ? 'left' : 'center';
}

/** The bad values: from the objective to one end of the axis. */
export function badSide(
  { objective, metric }: Objective,
  { min, max }: AxisRange,
): NonNullable<MarkArea['data']>[number] {
  const wantsMore = metric.wantsMore === true;
  return [
    {
      xAxis: wantsMore ? min : objective,
      itemStyle: { color: PALETTE.badSide },
      label: { show: false },
    },
    { xAxis: wantsMore ? objective : max },
  ];
}

/** A band that is wider than this share of the axis has room for its text. */
const WIDE_BAND = 0.26;

/** An interval as a band over the values, labelled with its ends. An open end reaches the end of the axis. */
export function intervalBand(
  [name, unit]: [name: string, unit: string],
  interval: Interval,
  axis: AxisRange,
  labelled = true,
): MarkArea {
  const [from, to] = [interval[0] ?? axis.min, interval[1] ?? axis.max];
  return {
    itemStyle: { color: PALETTE.band },
    label: {
      show: labelled,
      ...placeBandLabel(positionOnAxis(axis, from), positionOnAxis(axis, to)),
      ...HALO,
      color: PALETTE.data,
      fontSize: 12,
    },
    data: [[{ name: `${name} ${formatInterval(interval, unit)}`, xAxis: from }, { xAxis: to }]],
  };
}

/** In the band, or on the side with more room. */
function placeBandLabel(
  start: number,
  end: number,
): Pick<NonNullable<MarkArea['label']>, 'position' | 'align' | 'offset'> {
  if (end - start > WIDE_BAND) return { position: 'insideBottom', offset: [0, -4] };
  return end > LABEL_LEFT_FROM
    ? { position: 'insideBottomLeft', align: 'right', offset: [-14, -4] }
    : { position: 'insideBottomRight', align: 'left', offset: [14, -4] };
}

/** A dashed line across the other axis, with a text at one of its ends. */
export function dashedLine(
  at: number,
  axis: AxisRange,
  { text, position }: { text: string; position: 'start' | 'end' },
): MarkLine {
  return {
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: {
      position,
      align: labelAlign(positionOnAxis(axis, at), 0),
      color: PALETTE.muted,
      fontWeight: 'normal',
      formatter: text,
    },
    data: [{ xAxis: at }],
  };
}

/**
 * Draws any number of dots as one path: a scatter series would take some 200 bytes for each. A dot is a line of almost no length with
 * round caps.
 */
export function dots(
  { points, colour, diameter }: { points: [number, number][]; colour: string; diameter: number },
  axes = FIRST_AXES,
): CustomSeriesOption {
  return {
    type: 'custom',
    ...axes,
    clip: true,
    data: points.slice(0, 1),
    renderItem: (_, { coord }) => ({
      type: 'path',
      shape: { pathData: points.map((point) => drawDot(coord(point))).join('') },
      style: { fill: 'none', stroke: colour, lineWidth: diameter, lineCap: 'round' },
    }),
  };
}

function drawDot([x, y]: number[]): string {
  if (x === undefined || y === undefined) throw new RangeError('a dot lies on two axes');
  return `M${x.toFixed(1)} ${y.toFixed(1)}l0.01 0`;
}

/** Most dots for good events, and most for bad ones. */
export const MAX_DOTS = 300;

/** Each event at its value and its time in the run. Bad ones are red, larger and on top. */
export function timeline(
  { values, atMs, bad }: EventColumns,
  { firstMs }: TimeRange,
  axes = FIRST_AXES,
): CustomSeriesOption[] {
  const selectPoints = (wanted: boolean) => {
    const places = thinPlaces(bad.length, MAX_DOTS, (at) => (bad[at] === 1) === wanted);
    return places.map((at): [number, number] => [
      values[at] as number,
      ((atMs.at(at) as number) - firstMs) / 1000,
    ]);
  };
  return [
    dots({ points: selectPoints(false), colour: PALETTE.data, diameter: 4 }, axes),
    dots({ points: selectPoints(true), colour: PALETTE.bad, diameter: 6 }, axes),
  ];
}

/** Seconds from the first event on. */
export function timeAxis({ firstMs, lastMs }: TimeRange): AxisRange {
  const { type, ticks, max } = valueAxis([0, (lastMs - firstMs) / 1000]);
  return { type, min: -max * 0.04, max, ticks };
}

type TimeRange = { firstMs: number; lastMs: number };

export function timeRange({ atMs, bad }: EventColumns): TimeRange {
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < bad.length; at++) {
    const ms = atMs.at(at) as number;
    firstMs = Math.min(firstMs, ms);
    lastMs = Math.max(lastMs, ms);
  }
  return { firstMs, lastMs };
}

/**
 * Keeps about `max` items, evenly spread, with the first, the last and every item that `keep` selects: the plot stays small and still
 * shows what is rare. The same items give the same plot.
 */
export function thin<T>(items: T[], max: number, keep: (item: T) => boolean = () => false): T[] {
  if (items.length <= max) return items;
  const isKept = (place: number) => keep(items[place] as T);
  const places = thinPlaces(items.length, max, () => true, isKept);
  return places.map((place) => items[place] as T);
}

/** The same for the places of the items that are meant, among `n`: of a load there may be millions. */
export function thinPlaces(
  n: number,
  max: number,
  isMeant: (place: number) => boolean,
  keep: (place: number) => boolean = () => false,
): number[] {
  let length = 0;
  for (let place = 0; place < n; place++) if (isMeant(place)) length++;
  const step = (length - 1) / (max - 1);
  const spread = new Set(Array.from({ length: max }, (_, at) => Math.round(at * step)));
  const chosen: number[] = [];
  let at = 0;
  for (let place = 0; place < n; place++) {
    if (isMeant(place) && (length <= max || spread.has(at++) || keep(place))) chosen.push(place);
  }
  return chosen;
}
