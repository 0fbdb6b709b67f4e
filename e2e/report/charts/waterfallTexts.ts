import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import { plainText } from '../../core/plainText.ts';
import { dashedLine } from './dashedLine.ts';
import { FONT, HALO, PALETTE } from './palette.ts';
import { roomFor } from './roomFor.ts';
import type { AxisRange } from './valueAxis.ts';
import type { WaterfallRow } from './waterfallChart.ts';

/** Pixels between a bar and its text. */
const GAP = 6;
/** Marked lines lie at 5. */
const OVER_MARKS = 6;

/**
 * At the end of each bar how long the row took, from the beginning of its first segment to the end of its last, and its note, cut where the
 * picture ends (`edge`, pixels). A row without segments has its note at `originMs`.
 */
export function rowTexts(
  rows: WaterfallRow[],
  { originMs, edge }: { originMs: number; edge: number },
): CustomSeriesOption {
  const texts = rows.map((row) => ({ endMs: endOf(row, originMs), text: textOf(row) }));
  return {
    type: 'custom',
    silent: true,
    z: OVER_MARKS,
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
          width: roomFor(edge - x),
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

/** Where the request was over for whoever sent it, through all rows. */
export function endMark(totalMs: number, axis: AxisRange): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    data: [],
    markLine: dashedLine(totalMs, axis, {
      words: `over at ${formatMs(totalMs)}`,
      position: 'start',
    }),
  };
}

/** Tenths where they are a part worth reading. */
export function formatMs(ms: number): string {
  const digits = Math.abs(ms) < 100 && !Number.isInteger(ms) ? 1 : 0;
  return `${ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}

function endOf({ segments }: WaterfallRow, otherwiseMs: number): number {
  return segments.length === 0 ? otherwiseMs : Math.max(...segments.map(({ toMs }) => toMs));
}

function textOf(row: WaterfallRow): string {
  const { segments, note } = row;
  const firstMs = Math.min(...segments.map(({ fromMs }) => fromMs));
  const lasted = segments.length === 0 ? [] : [formatMs(endOf(row, firstMs) - firstMs)];
  const said = note === undefined || note === '' ? [] : [plainText(note)];
  return [...lasted, ...said].join('  ·  ');
}
