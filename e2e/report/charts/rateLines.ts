import type { Objective } from '../../core/budget/objective.ts';
import { formatInterval } from '../../core/verdict/formatEstimate.ts';
import { formatNumber } from '../../core/verdict/formatValue.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { bandLabel } from './bandLabel.ts';
import { type MarkArea, type MarkLine, TURN } from './objectiveMarks.ts';
import { HALO, LINE_PRECISION, PALETTE } from './palette.ts';
import { type AxisRange, positionOnAxis } from './valueAxis.ts';

/** Up to this share of the axis a text that is centred at what it names would be cut off. */
const START = 0.15;

const WORDS = { color: PALETTE.bad, fontSize: 12, fontWeight: 'bold' } as const;

/** What a response time is held against, across the rates, and the rate that is wanted, across the response times. */
export function rateLines(
  { objective, unit, keptBelowMs = 0 }: Objective,
  rates: AxisRange,
  times: AxisRange,
): MarkLine {
  const place = positionOnAxis(rates, objective);
  const side = place > TURN ? 'insideStart' : 'insideEnd';
  return {
    silent: true,
    symbol: 'none',
    precision: LINE_PRECISION,
    data: [
      {
        yAxis: keptBelowMs,
        lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
        label: {
          ...HALO,
          ...WORDS,
          // Below the line where there is no room above it.
          position: positionOnAxis(times, keptBelowMs) > 0.9 ? `${side}Bottom` : `${side}Top`,
          formatter: `limit ${keptBelowMs} ms`,
        },
      },
      {
        xAxis: objective,
        lineStyle: { color: PALETTE.bad, type: 'dashed', width: 2 },
        label: {
          ...WORDS,
          position: 'end',
          align: place > TURN ? 'right' : place < START ? 'left' : 'center',
          formatter: `objective > ${formatNumber(objective, unit)} ${unit}`,
        },
      },
    ],
  };
}

/** Between the highest rate that was shown to be kept and the lowest that was shown not to be; nothing where neither was. */
export function kneeBand({ interval, unit }: Judgement, rates: AxisRange): MarkArea {
  const [lower, upper] = interval;
  if (lower === null && upper === null) return { data: [] };
  const [from, to] = [lower ?? rates.min, upper ?? rates.max];
  return {
    silent: true,
    itemStyle: { color: PALETTE.band },
    label: { ...HALO, ...bandLabel(rates, from, to), color: PALETTE.data, fontSize: 12 },
    data: [[{ name: `knee ${formatInterval(interval, unit)}`, xAxis: from }, { xAxis: to }]],
  };
}
