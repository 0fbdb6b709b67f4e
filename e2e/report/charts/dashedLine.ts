import { type MarkLine, TURN } from './objectiveMarks.ts';
import { LINE_PRECISION, PALETTE } from './palette.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

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
