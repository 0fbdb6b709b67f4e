import type { EChartsOption } from 'echarts';

/** With a greater ratio of the greatest to the smallest value, a linear axis would press the data into a corner. */
const LINEAR_RATIO = 4;

/** The scale of an axis, its ends and its marks. */
export type AxisRange = {
  type: 'value' | 'log';
  min: number;
  max: number;
  ticks: number[];
};

/**
 * Axis for values and their objective, logarithmic if they are far apart and all positive. The marks are round numbers: 1, 2 and 5 times
 * a power of ten, and more on a short logarithmic axis.
 */
export function valueAxis(values: number[]): AxisRange {
  const smallest = Math.min(...values);
  const greatest = Math.max(...values);
  if (smallest > 0 && greatest / smallest > LINEAR_RATIO) {
    const margin = (greatest / smallest) ** 0.04;
    const [min, max] = [smallest / margin, greatest * margin];
    return { type: 'log', min, max, ticks: logTicks(min, max) };
  }
  const span = greatest - smallest;
  const margin = span === 0 ? Math.max(1, Math.abs(greatest) * 0.1) : span * 0.04;
  return linearAxis(smallest - margin, greatest + margin);
}

/** Axis with these ends, evenly divided. */
export function linearAxis(min: number, max: number): AxisRange {
  return { type: 'value', min, max, ticks: linearTicks(min, max) };
}

/** Position of a value: 0 at the beginning of the axis, 1 at its end. */
export function positionOnAxis({ type, min, max }: AxisRange, value: number): number {
  if (type === 'log') return Math.log(value / min) / Math.log(max / min);
  return (value - min) / (max - min);
}

/** Factors of the marks, by the ratio of the ends of a logarithmic axis. */
const LOG_FACTORS = [
  { upTo: 30, factors: [1, 1.5, 2, 3, 5, 7] },
  { upTo: 2000, factors: [1, 2, 5] },
];

function logTicks(min: number, max: number): number[] {
  const factors = LOG_FACTORS.find(({ upTo }) => max / min <= upTo)?.factors ?? [1];
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)))
    .filter((tick) => tick >= min && tick <= max);
}

function linearTicks(min: number, max: number): number[] {
  const rough = (max - min) / 6;
  const exponent = Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((step) => Number(`${step}e${exponent}`) >= rough) ?? 10;
  const first = Math.ceil(min / Number(`${factor}e${exponent}`));
  const last = Math.floor(max / Number(`${factor}e${exponent}`));
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number(`${(first + at) * factor}e${exponent}`),
  );
}

type Axis<Key extends 'xAxis' | 'yAxis'> = Extract<EChartsOption[Key], readonly unknown[]>[number];

/** A horizontal axis. Without a name it has no text, which then stands at the axis of the plot below. */
export function xAxis(
  { ticks, ...range }: AxisRange,
  gridIndex: number,
  name: string | null,
  format: (value: number) => string = groupDigits,
): Axis<'xAxis'> {
  const isNamed = name !== null;
  return {
    ...range,
    gridIndex,
    ...(isNamed ? { name, nameGap: 30 } : {}),
    position: 'bottom',
    axisTick: { show: isNamed, customValues: ticks },
    axisLabel: { formatter: format, customValues: ticks, hideOverlap: true, show: isNamed },
    splitLine: { show: true },
  };
}

/** A vertical axis with marks written by `format`. */
export function yAxis(
  { ticks, ...range }: AxisRange,
  gridIndex: number,
  name: string,
  format: (value: number) => string = groupDigits,
): Axis<'yAxis'> {
  return {
    ...range,
    gridIndex,
    name,
    nameGap: 48,
    axisTick: { show: true, customValues: ticks },
    axisLabel: { formatter: format, customValues: ticks, hideOverlap: true },
    splitLine: { show: false },
  };
}

function groupDigits(value: number): string {
  return value.toLocaleString('en-US');
}
