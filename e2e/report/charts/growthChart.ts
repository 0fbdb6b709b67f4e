import type { LineSeriesOption } from 'echarts';
import type { Objective } from '../../core/budget/objective.ts';
import { median } from '../../core/statistics/quantile.ts';
import { linearAxis, xAxis, yAxis } from './axes.ts';
import { type Plotted, renderPlot } from './renderPlot.ts';
import { PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 400 };
const ESTIMATED = 'estimated growth';
const ALLOWED = 'most that is allowed';
/** By default the legend would show a dot on each line, which the plot does not have. */
const WHOLE_LINE = 'path://M0 0h24v2h-24z';
const DASHED_LINE = 'path://M0 0h6v2h-6zM9 0h6v2h-6zM18 0h6v2h-6z';

/**
 * Growth since the first value over the uses, with the estimated slope and, dashed, the allowed one.
 * @throws RangeError when no event has a value
 */
export function growthChart(plotted: Plotted): string {
  const { objective, series, judgement } = plotted;
  const { events, iterationsBetween = 1 } = series;
  const values = events.flatMap(({ value }) => (value === null ? [] : [value]));
  const [first] = values;
  if (first === undefined) throw new RangeError('a plot needs at least one value');
  const { measured, scale, stepsPerUse, leastMargin, xName, yName } = growthAxes(
    objective,
    iterationsBetween,
  );
  const steps = iterationsBetween * stepsPerUse;
  const added = values.map((value) => (value - first) / scale);
  const uses = linearAxis(0, (added.length + 1) * steps);
  const drawSlope = (slope: number) =>
    slopePoints(added, (slope * iterationsBetween) / scale, steps);
  const allowed = drawSlope(objective.objective);
  const estimated = judgement.estimate === null ? [] : drawSlope(judgement.estimate);
  const heights = [...added, ...allowed.map(([, y]) => y), ...estimated.map(([, y]) => y)];
  const span = Math.max(...heights) - Math.min(...heights);
  const margin = Math.max(leastMargin, span * 0.06);
  const range = linearAxis(Math.min(...heights) - margin, Math.max(...heights) + margin);
  return renderPlot(plotted, SIZE, {
    legend: {
      top: 68,
      left: 84,
      itemGap: 36,
      itemHeight: 8,
      data: [
        { name: measured, icon: 'circle' },
        { name: ESTIMATED, icon: WHOLE_LINE },
        { name: ALLOWED, icon: DASHED_LINE },
      ],
    },
    grid: { left: 88, right: 52, top: 104, height: 220 },
    xAxis: xAxis(uses, 0, xName),
    yAxis: yAxis(range, 0, yName),
    series: [
      {
        name: measured,
        type: 'scatter',
        symbolSize: 7,
        itemStyle: { color: PALETTE.data },
        data: added.map((value, at) => [(at + 1) * steps, value]),
      },
      slopeLine(ESTIMATED, estimated, { color: PALETTE.ink, type: 'solid' }),
      slopeLine(ALLOWED, allowed, { color: PALETTE.bad, type: 'dashed' }),
    ],
  });
}

function slopeLine(
  name: string,
  data: [step: number, value: number][],
  { color, type }: { color: string; type: 'solid' | 'dashed' },
): LineSeriesOption {
  return {
    name,
    type: 'line',
    lineStyle: { color, width: 2, type },
    itemStyle: { color },
    data,
  };
}

/** Both ends of a line with this slope through the middle of the values. */
function slopePoints(
  values: number[],
  slope: number,
  steps: number,
): [step: number, value: number][] {
  const middle = (values.length + 1) / 2;
  const centre = median(values);
  return [1, values.length].map((place) => [place * steps, centre + slope * (place - middle)]);
}

type GrowthAxes = {
  /** Units of the horizontal axis for each use. */
  stepsPerUse: number;
  xName: string;
  yName: string;
  /** What a dot stands for, as the legend says it. */
  measured: string;
  /** Values are divided by it: bytes are drawn as KB. */
  scale: number;
  /** Least room above and below the drawn values. */
  leastMargin: number;
};

const BYTES_PER_KB = 1000;
/** The unit counts requests in thousands. */
const REQUESTS_PER_USE = 1000;

/** @param iterationsBetween uses between two values; thousands of requests for growth under load */
function growthAxes({ unit }: Objective, iterationsBetween: number): GrowthAxes {
  if (unit.endsWith('/1,000 requests')) {
    const requests = Math.round(iterationsBetween * REQUESTS_PER_USE).toLocaleString('en-US');
    return {
      stepsPerUse: REQUESTS_PER_USE,
      xName: 'request',
      yName: `since the first, ${unit.split('/')[0]}`,
      measured: `median of every ${requests} requests`,
      scale: 1,
      leastMargin: 0.1,
    };
  }
  const isBytes = unit.startsWith('B');
  return {
    stepsPerUse: 1,
    xName: 'use',
    yName: `since the first use, ${isBytes ? 'KB' : (unit.split('/')[0] ?? '')}`,
    measured: iterationsBetween === 1 ? 'each use' : `after every ${iterationsBetween} uses`,
    scale: isBytes ? BYTES_PER_KB : 1,
    leastMargin: 1,
  };
}
