import type { LineSeriesOption } from 'echarts';
import { type Objective, percent } from '../../core/budget/objective.ts';
import type { Interval, Judgement } from '../../core/verdict/verdict.ts';
import type { GrownInterval } from './intervalsAsGrown.ts';
import { HALO, LINE_PRECISION, PALETTE } from './palette.ts';
import type { AxisRange } from './valueAxis.ts';

/** Share of the axis that a line of text needs. */
const LOW = 0.12;

/** The share of bad ones that meets the objective. */
export function allowedLine({
  allowedShare,
}: Objective): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
    label: {
      ...HALO,
      position: 'insideStartTop',
      color: PALETTE.bad,
      fontSize: 12,
      fontWeight: 'bold',
      formatter: `allowed ${percent(allowedShare)}`,
    },
    data: [{ yAxis: allowedShare }],
  };
}

/** The interval of the share of bad ones as it narrowed, with its last ends in words. */
export function intervalSeries(
  intervals: GrownInterval[],
  objective: Objective,
  judgement: Judgement,
  axis: AxisRange,
): LineSeriesOption[] {
  const ends = intervals.map(({ n, interval }) => ({ n, ...badShare(interval) }));
  const line = {
    type: 'line',
    stack: 'interval',
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
  } as const;
  return [
    { ...line, data: ends.map(({ n, least }) => [n, least]) },
    {
      ...line,
      areaStyle: { color: PALETTE.band, opacity: 1 },
      data: ends.map(({ n, least, most }) => [n, most - least]),
      markPoint: lastInterval(objective, judgement, axis),
    },
  ];
}

function lastInterval(
  { allowedShare }: Objective,
  { n, interval }: Judgement,
  axis: AxisRange,
): NonNullable<LineSeriesOption['markPoint']> {
  const { least, most } = badShare(interval);
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 7,
    itemStyle: { color: PALETTE.data },
    label: {
      ...HALO,
      // On the side of the point where the line of what is allowed is not, if there is room.
      position: most < allowedShare && most > axis.max * LOW ? 'bottom' : 'top',
      distance: 8,
      align: 'right',
      color: PALETTE.data,
      fontSize: 12,
      formatter: `interval ${percent(least, 3)} to ${percent(most, 3)}`,
    },
    data: [{ name: 'interval', coord: [n, most] }],
  };
}

/** An interval of the share of good ones, seen from the other side. */
function badShare([leastGood, mostGood]: Interval): { least: number; most: number } {
  return {
    least: mostGood === null ? 0 : 1 - mostGood,
    most: leastGood === null ? 1 : 1 - leastGood,
  };
}
