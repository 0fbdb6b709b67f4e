import type { LineSeriesOption } from 'echarts';
import { metricOf } from '../../core/budget/metrics.ts';
import type { Objective } from '../../core/budget/objective.ts';
import { LINE_PRECISION, PALETTE } from './palette.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

export type MarkArea = NonNullable<LineSeriesOption['markArea']>;
export type MarkLine = NonNullable<LineSeriesOption['markLine']>;

/** Beyond this share of the axis a text stands left of what it names, or it would be cut off. */
export const TURN = 0.72;
/** Up to this share of the axis a text in the middle of what it names would be cut off. */
const START = 0.1;

/**
 * A line across the values where the objective is, in words above it if it is labelled.
 * @param inverse the other axis begins at the top
 */
export function objectiveLine(
  { objective, metric, unit, quantile }: Objective,
  axis: AxisRange,
  { labelled, inverse = false }: { labelled: boolean; inverse?: boolean },
): MarkLine {
  const position = positionOnAxis(axis, objective);
  const wantsMore = metricOf(metric).wantsMore === true;
  const sign = wantsMore ? '>' : quantile === null ? '≤' : '<';
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    data: [
      {
        xAxis: objective,
        lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
        label: {
          show: labelled,
          position: inverse ? 'start' : 'end',
          align: position > TURN ? 'right' : position < START ? 'left' : 'center',
          color: PALETTE.bad,
          fontSize: 12,
          fontWeight: 'bold',
          formatter: `objective ${sign} ${objective} ${unit}`,
        },
      },
    ],
  };
}

/** The values that are bad, as an area from the objective to the end of the axis that lies on their side. */
export function badSide(
  { objective, metric }: Objective,
  { min, max }: AxisRange,
): NonNullable<MarkArea['data']>[number] {
  const wantsMore = metricOf(metric).wantsMore === true;
  return [
    {
      xAxis: wantsMore ? min : objective,
      itemStyle: { color: PALETTE.badSide },
      label: { show: false },
    },
    { xAxis: wantsMore ? objective : max },
  ];
}
