import type { LineSeriesOption } from 'echarts';
import { type Objective, quantileLabel } from '../core/budget/objective.ts';
import { quantile } from '../core/statistics/quantile.ts';
import type { SortedSample } from '../core/statistics/sortedSample.ts';
import { formatInterval } from '../core/verdict/formatEstimate.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { HALO, LINE_PRECISION, PALETTE } from './palette.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

type MarkArea = NonNullable<LineSeriesOption['markArea']>;
type MarkLine = NonNullable<LineSeriesOption['markLine']>;
type MarkPoint = NonNullable<LineSeriesOption['markPoint']>;

/** Beyond this share of the axis a text stands left of what it names, or it would be cut off. */
const TURN = 0.72;
/** A band wider than this holds its own text. */
const WIDE = 0.26;

type Place = Pick<NonNullable<MarkArea['label']>, 'position' | 'align' | 'offset'>;
const INSIDE: Place = { position: 'insideBottom', offset: [0, -4] };
const BEFORE: Place = { position: 'insideBottomLeft', align: 'right', offset: [-14, -4] };
const BEHIND: Place = { position: 'insideBottomRight', align: 'left', offset: [14, -4] };

/** The interval of the estimate as a band over the values; an open end reaches the end of the axis. */
export function intervalBand(
  { interval: [lower, upper], unit }: Judgement,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkArea {
  const [from, to] = [lower ?? axis.min, upper ?? axis.max];
  const end = positionOnAxis(axis, to);
  const place = end - positionOnAxis(axis, from) > WIDE ? INSIDE : end > TURN ? BEFORE : BEHIND;
  return {
    silent: true,
    itemStyle: { color: PALETTE.band },
    label: { show: labelled, ...place, ...HALO, color: PALETTE.data, fontSize: 12 },
    data: [
      [{ name: `interval ${formatInterval([lower, upper], unit)}`, xAxis: from }, { xAxis: to }],
    ],
  };
}

/** The objective, and the share of answers that it speaks of: the curve must cross that share left of the objective. */
export function objectiveLines(
  { objective, quantile: q, unit }: Objective,
  axis: AxisRange,
  { labelled }: { labelled: boolean },
): MarkLine {
  const turned = positionOnAxis(axis, objective) > TURN;
  const label = {
    show: labelled,
    position: 'end',
    align: turned ? 'right' : 'center',
    color: PALETTE.bad,
    fontSize: 12,
    fontWeight: 'bold',
    formatter: `objective < ${objective} ${unit}`,
  } as const;
  const atObjective = {
    xAxis: objective,
    lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
    label,
  } as const;
  const atShare = {
    yAxis: q ?? 1,
    lineStyle: { color: PALETTE.muted, type: 'dashed', width: 1 },
    label: { show: false },
  } as const;
  const data = labelled ? [atObjective, atShare] : [atObjective];
  return { silent: true, symbol: 'none', precision: LINE_PRECISION, data };
}

/** The quantiles that a plot of this objective marks: its own, and P50 or P95 beside it. */
export function markedQuantiles({ quantile: q }: Objective): number[] {
  return q === null || q === 0.5 ? [0.5, 0.95] : [0.5, q];
}

/** The marked quantiles where they lie on the curve. */
export function quantilePoints(
  objective: Objective,
  sample: SortedSample,
  axis: AxisRange,
): MarkPoint {
  const data = markedQuantiles(objective).map((mark) => {
    const value = quantile(sample, mark);
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
