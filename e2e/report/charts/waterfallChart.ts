import type { EChartsOption } from 'echarts';
import { plainText } from '../../core/plainText.ts';
import { xAxis } from './axisOption.ts';
import { FONT, PALETTE } from './palette.ts';
import { renderSvg } from './renderSvg.ts';
import { roomFor } from './roomFor.ts';
import { linearAxis } from './valueAxis.ts';
import { waterfallBars } from './waterfallBars.ts';
import { endMark, formatMs, rowTexts } from './waterfallTexts.ts';

/** What took part of a row's time; ms after the request was sent, negative before. One of no length is drawn as a stroke. */
export type WaterfallSegment = { name: string; fromMs: number; toMs: number };

/** Segments of one name have one colour in all rows. Without segments the row has its label and note alone. */
export type WaterfallRow = {
  label: string;
  segments: WaterfallSegment[];
  /** Stands behind the duration, such as how it ended. */
  note?: string;
};

/** Where the time of one request went. */
export type Waterfall = {
  title: string;
  /** When the request was over for whoever sent it. What a row shows may go on. */
  totalMs: number;
  /** From top to bottom. */
  rows: WaterfallRow[];
};

const WIDTH = 960;
const LEFT = 216;
/** Holds the text at the end of the longest bar. */
const RIGHT = 260;
const ROW_HEIGHT = 26;
/** More rows than this are a storm, which its first ones show. */
const MOST_ROWS = 40;
const LEGEND_TOP = 62;
const LEGEND_ROW = 40;

/**
 * Draws one request as a waterfall: a row of segments each for what happened, over the time since it was sent.
 * @throws RangeError without rows, and for times that are not finite or end before they begin
 */
export function waterfallChart({ title, totalMs, rows: all }: Waterfall): string {
  const rows = all.slice(0, MOST_ROWS);
  if (rows.length === 0) throw new RangeError('a waterfall needs at least one row');
  const times = [0, totalMs, ...rows.flatMap(({ segments }) => segments.flatMap(timesOf))];
  if (!times.every(Number.isFinite)) throw new RangeError('a waterfall needs finite times');
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const axis = linearAxis(first, last > first ? last : first + 1);
  const bars = waterfallBars(rows);
  const legend = bars.map(({ name }) => name);
  const top = LEGEND_TOP + LEGEND_ROW * legendRows(legend) + 10;
  const height = rows.length * ROW_HEIGHT;
  const shown = plainText(title);
  const left = all.length - rows.length;
  const line = { overflow: 'truncate', ellipsis: '…', fontFamily: FONT } as const;
  const option: EChartsOption = {
    title: {
      text: shown,
      subtext: `${formatMs(totalMs)} in all${left === 0 ? '' : `  ·  ${left} more rows are not shown`}`,
      left: 16,
      top: 10,
      itemGap: 6,
      textStyle: { ...line, width: roomFor(WIDTH - 32, 'bold'), fontSize: 16, color: PALETTE.ink },
      subtextStyle: { ...line, width: roomFor(WIDTH - 32), fontSize: 13, color: PALETTE.muted },
    },
    legend: {
      data: legend,
      top: LEGEND_TOP,
      left: 12,
      width: WIDTH - 32,
      itemWidth: 14,
      itemHeight: 12,
      itemGap: LEGEND_GAP,
      textStyle: { color: PALETTE.ink, fontSize: 12 },
    },
    grid: { left: LEFT, right: RIGHT, top, height },
    xAxis: xAxis(axis, 0, 'time since it was sent, ms'),
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => plainText(label)),
      axisTick: { show: false },
      axisLine: { onZero: false, lineStyle: { color: PALETTE.muted } },
      axisLabel: {
        color: PALETTE.ink,
        fontSize: 12,
        interval: 0,
        width: roomFor(LEFT - 16),
        overflow: 'truncate',
        ellipsis: '…',
      },
    },
    series: [...bars, rowTexts(rows, { originMs: first, edge: WIDTH - 8 }), endMark(totalMs, axis)],
  };
  const size = { width: WIDTH, height: top + height + 52 };
  return renderSvg(option, { id: `waterfall ${shown}`, title: shown, ...size });
}

function timesOf({ name, fromMs, toMs }: WaterfallSegment): [number, number] {
  if (toMs < fromMs) throw new RangeError(`"${name}" ends before it begins`);
  return [fromMs, toMs];
}

const LEGEND_GAP = 28;

/** As many rows as ECharts may need, by the width that a wide font takes. */
function legendRows(names: string[]): number {
  const widths = names.map((name) => 14 + 5 + 7.5 * name.length + LEGEND_GAP);
  return Math.max(1, Math.ceil(widths.reduce((sum, width) => sum + width, 0) / (WIDTH - 90)));
}
