import type { LineSeriesOption } from 'echarts';
import { metricOf } from '../../core/budget/metrics.ts';
import { type Objective, quantileLabel } from '../../core/budget/objective.ts';
import { quantile } from '../../core/statistics/quantile.ts';
import { type SortedSample, sortSample } from '../../core/statistics/sortedSample.ts';
import { formatInterval } from '../../core/verdict/formatEstimate.ts';
import { formatValue } from '../../core/verdict/formatValue.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { bandLabel } from './bandLabel.ts';
import { badSide, type MarkArea, type MarkLine, objectiveLine, TURN } from './objectiveMarks.ts';
import { HALO, PALETTE } from './palette.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

type MarkPoint = NonNullable<LineSeriesOption['markPoint']>;

/** The interval of the estimate as a band over the values, beside the side that is bad; an open end reaches the end of the axis. */
export function intervalBand(
  objective: Objective,
  { interval: [lower, upper], unit }: Judgement,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkArea {
  const [from, to] = [lower ?? axis.min, upper ?? axis.max];
  return {
    silent: true,
    itemStyle: { color: PALETTE.band },
    label: {
      show: labelled,
      ...bandLabel(axis, from, to),
      ...HALO,
      color: PALETTE.data,
      fontSize: 12,
    },
    data: [
      badSide(objective, axis),
      [{ name: `interval ${formatInterval([lower, upper], unit)}`, xAxis: from }, { xAxis: to }],
    ],
  };
}

/** The objective, and the share of answers that it speaks of: the curve must cross that share on the objective's good side. */
export function objectiveLines(
  objective: Objective,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkLine {
  const line = objectiveLine(objective, axis, { labelled });
  if (!labelled || objective.quantile === null) return line;
  const atShare = {
    yAxis: objective.quantile,
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: { show: false },
  } as const;
  return { ...line, data: [...(line.data ?? []), atShare] };
}

/** The quantiles that a plot of this objective marks: its own, and of a distribution with a tail P50 or P95 beside it. */
export function markedQuantiles({ quantile: q, metric }: Objective): number[] {
  if (metricOf(metric).wantsMore === true && q !== null) return [q];
  return q === null || q === 0.5 ? [0.5, 0.95] : [0.5, q];
}

/** The marked quantiles where they lie on the curve. */
export function quantilePoints(
  objective: Objective,
  sample: SortedSample,
  axis: AxisRange,
): MarkPoint {
  const data = markedQuantiles(objective).map((mark) => {
    const value = quantileOf(objective, sample, mark);
    const turned = positionOnAxis(axis, value) > TURN;
    return {
      name: `P${quantileLabel(mark)}`,
      coord: [value, mark],
      label: {
        position: turned ? ('bottom' as const) : ('right' as const),
        offset: turned ? [0, 4] : [2, 10],
        formatter: `P${quantileLabel(mark)} ${formatValue(value, objective.unit)}`,
      },
    };
  });
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 9,
    itemStyle: { color: PALETTE.data, borderColor: PALETTE.ground, borderWidth: 2 },
    label: { ...HALO, color: PALETTE.ink, fontSize: 12, fontWeight: 'bold' },
    data,
  };
}

/** The quantile as it is judged: between two values it is the one nearer to what is bad. */
function quantileOf({ metric }: Objective, sample: SortedSample, mark: number): number {
  if (metricOf(metric).wantsMore !== true) return quantile(sample, mark);
  return -quantile(sortSample(sample.map((value) => -value)), 1 - mark);
}
