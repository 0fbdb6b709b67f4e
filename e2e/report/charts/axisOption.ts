import type { EChartsOption } from 'echarts';
import { PALETTE } from './palette.ts';
import type { AxisRange } from './valueAxis.ts';

type Axis<Key extends 'xAxis' | 'yAxis'> = Extract<EChartsOption[Key], readonly unknown[]>[number];
export type XAxis = Axis<'xAxis'>;
export type YAxis = Axis<'yAxis'>;

const LABEL = { color: PALETTE.muted, fontSize: 12 };
const LINE = { show: true, onZero: false, lineStyle: { color: PALETTE.muted } };
const NAME = {
  nameLocation: 'middle',
  nameTextStyle: { color: PALETTE.ink, fontSize: 13 },
} as const;

/** A horizontal axis with its marks; without a name it is one that continues below, and its marks bear no text. */
export function xAxis(range: AxisRange, gridIndex: number, name: string | null): XAxis {
  return {
    ...scale(range),
    gridIndex,
    ...(name === null ? {} : { ...NAME, name, nameGap: 30 }),
    position: 'bottom',
    axisLine: LINE,
    axisTick: { show: name !== null, customValues: range.ticks },
    axisLabel: { ...LABEL, ...labels(range), show: name !== null },
    splitLine: { show: true, lineStyle: { color: PALETTE.grid } },
  };
}

/** A vertical axis with its marks, each written by `format`. */
export function yAxis(
  range: AxisRange,
  gridIndex: number,
  name: string,
  format: (value: number) => string = groupDigits,
): YAxis {
  return {
    ...scale(range),
    gridIndex,
    ...NAME,
    name,
    nameGap: 48,
    axisLine: LINE,
    axisTick: { show: true, customValues: range.ticks },
    axisLabel: { ...LABEL, ...labels(range), formatter: format },
    splitLine: { show: false },
  };
}

function scale({ type, min, max }: AxisRange): { type: 'value' | 'log'; min: number; max: number } {
  return { type, min, max };
}

function labels({ ticks }: AxisRange) {
  return { customValues: ticks, hideOverlap: true, formatter: groupDigits };
}

function groupDigits(value: number): string {
  return value.toLocaleString('en-US');
}
