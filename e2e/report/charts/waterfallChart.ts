import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { plainText, shortText } from '../../core/terminalText.ts';
import { linearAxis, xAxis } from './axes.ts';
import { dashedLine, marksOnly } from './marks.ts';
import { CATEGORY_COLOURS, FONT, HALO, PALETTE, renderSvg, truncationWidth } from './renderSvg.ts';

/** A part of a row, in ms since the request was sent (negative: before). A segment of no length is drawn as a stroke. */
export type WaterfallSegment = { name: string; fromMs: number; toMs: number };

/** Segments with the same name have the same colour in all rows. */
export type WaterfallRow = {
  label: string;
  segments: WaterfallSegment[];
  /** Stands after the duration, such as how it ended. */
  note?: string;
};

/** Where the time of one request went. */
export type Waterfall = {
  title: string;
  /** Duration for the sender. A row may go on longer. */
  totalMs: number;
  /** From top to bottom. */
  rows: WaterfallRow[];
};

const WIDTH = 960;
const LEFT = 216;
/** Room for the text at the end of the longest bar. */
const RIGHT = 260;
const ROW_HEIGHT = 26;
/** The first rows are enough to show a retry storm. */
const MAX_ROWS = 40;
const LEGEND_TOP = 62;
const LEGEND_ROW = 40;

/**
 * Draws one request as a waterfall: rows of segments over the time since it was sent.
 * @throws RangeError without rows, and for times that are not finite or end before they begin
 */
export function waterfallChart({ title, totalMs, rows: all }: Waterfall): string {
  const rows = all.slice(0, MAX_ROWS);
  if (rows.length === 0) throw new RangeError('a waterfall needs at least one row');
  const times = [0, totalMs, ...rows.flatMap(({ segments }) => segments.flatMap(readTimes))];
  if (!times.every(Number.isFinite)) throw new RangeError('a waterfall needs finite times');
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const axis = linearAxis(first, last > first ? last : first + 1);
  const bars = waterfallBars(rows);
  const legend = bars.map(({ name }) => name);
  const top = LEGEND_TOP + LEGEND_ROW * legendRows(legend) + 10;
  const height = rows.length * ROW_HEIGHT;
  const shown = plainText(title);
  const end = `over at ${formatMs(totalMs)}`;
  const left = all.length - rows.length;
  const option: EChartsOption = {
    title: {
      text: shown,
      subtext: `${formatMs(totalMs)} in all${left === 0 ? '' : `  ·  ${left} more rows are not shown`}`,
      textStyle: { width: truncationWidth(WIDTH - 32, 'bold') },
      subtextStyle: { width: truncationWidth(WIDTH - 32) },
    },
    legend: {
      data: legend,
      top: LEGEND_TOP,
      left: 12,
      width: WIDTH - 32,
      itemWidth: 14,
      itemHeight: 12,
      itemGap: LEGEND_GAP,
    },
    grid: { left: LEFT, right: RIGHT, top, height },
    xAxis: xAxis(axis, 0, 'time since it was sent, ms'),
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => plainText(label)),
      axisTick: { show: false },
      axisLabel: {
        color: PALETTE.ink,
        fontSize: 12,
        interval: 0,
        width: truncationWidth(LEFT - 16),
        overflow: 'truncate',
        ellipsis: '…',
      },
    },
    series: [
      ...bars,
      rowTexts(rows, { originMs: first, edge: WIDTH - 8 }),
      marksOnly({ markLine: dashedLine(totalMs, axis, { text: end, position: 'start' }) }),
    ],
  };
  const size = { width: WIDTH, height: top + height + 52 };
  return renderSvg(option, { id: `waterfall ${shown}`, title: shown, ...size });
}

function readTimes({ name, fromMs, toMs }: WaterfallSegment): [number, number] {
  if (toMs < fromMs) throw new RangeError(`"${name}" ends before it begins`);
  return [fromMs, toMs];
}

const LEGEND_GAP = 28;

/** The number of lines that ECharts may need in a wide font. */
function legendRows(names: string[]): number {
  const widths = names.map((name) => 14 + 5 + 7.5 * name.length + LEGEND_GAP);
  return Math.max(1, Math.ceil(widths.reduce((sum, width) => sum + width, 0) / (WIDTH - 90)));
}

/** Pixels: a shorter bar would be invisible. */
const MIN_WIDTH = 2;
const THICKNESS = 14;
/** Characters of a name in the legend. */
const MAX_NAME_LENGTH = 26;

/** A series for each name of a segment, in order of appearance, so that the legend explains the colours. */
function waterfallBars(rows: WaterfallRow[]): (CustomSeriesOption & { name: string })[] {
  const bars = rows.flatMap(({ segments }, row) =>
    segments.map(({ name, fromMs, toMs }) => ({
      name: shortText(name, MAX_NAME_LENGTH),
      place: [row, fromMs, toMs],
    })),
  );
  const byName = [...Map.groupBy(bars, ({ name }) => name)];
  return byName.map(([name, group], index) => {
    const color = CATEGORY_COLOURS[index % CATEGORY_COLOURS.length] as string;
    return {
      type: 'custom',
      name,
      itemStyle: { color },
      encode: { x: [1, 2], y: 0 },
      data: group.map(({ place }) => place),
      renderItem: (_, { coord, value }) => {
        const [x = 0, y = 0] = coord([value(1), value(0)]);
        const [end = x] = coord([value(2), value(0)]);
        const width = Math.max(MIN_WIDTH, end - x);
        return {
          type: 'rect',
          shape: { x, y: y - THICKNESS / 2, width, height: THICKNESS },
          style: { fill: color },
        };
      },
    };
  });
}

/** Pixels between a bar and its text. */
const GAP = 6;
/** Above marked lines, whose z is 5. */
const TEXT_Z = 6;

/**
 * The duration and the note at the end of each bar, cut at the right edge of the picture (in pixels). The note of a row without segments
 * stands at `originMs`.
 */
function rowTexts(
  rows: WaterfallRow[],
  { originMs, edge }: { originMs: number; edge: number },
): CustomSeriesOption {
  const texts = rows.map((row) => ({ endMs: findEnd(row, originMs), text: describeRow(row) }));
  return {
    type: 'custom',
    z: TEXT_Z,
    encode: { x: 1, y: 0 },
    data: texts.map(({ endMs }, row) => [row, endMs]),
    renderItem: ({ dataIndex }, { coord, value }) => {
      const [end = 0, y = 0] = coord([value(1), value(0)]);
      const x = end + GAP;
      return {
        type: 'text',
        style: {
          text: texts[dataIndex]?.text ?? '',
          x,
          y,
          width: truncationWidth(edge - x),
          overflow: 'truncate',
          ellipsis: '…',
          textVerticalAlign: 'middle',
          font: `12px ${FONT}`,
          fill: PALETTE.ink,
          stroke: HALO.textBorderColor,
          lineWidth: HALO.textBorderWidth,
        },
      };
    },
  };
}

/** With tenths below 100 ms. */
function formatMs(ms: number): string {
  const digits = Math.abs(ms) < 100 && !Number.isInteger(ms) ? 1 : 0;
  return `${ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}

function findEnd({ segments }: WaterfallRow, otherwiseMs: number): number {
  return segments.length === 0 ? otherwiseMs : Math.max(...segments.map(({ toMs }) => toMs));
}

function describeRow(row: WaterfallRow): string {
  const { segments, note } = row;
  const firstMs = Math.min(...segments.map(({ fromMs }) => fromMs));
  const lasted = segments.length === 0 ? [] : [formatMs(findEnd(row, firstMs) - firstMs)];
  const said = note === undefined || note === '' ? [] : [plainText(note)];
  return [...lasted, ...said].join('  ·  ');
}
