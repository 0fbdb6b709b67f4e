import type { EChartsOption } from 'echarts';
import { type Objective, percent } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import { sortSample, valueOfRank } from '../../core/statistics/sortedSample.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { xAxis, yAxis } from './axisOption.ts';
import { ecdfPoints } from './ecdfPoints.ts';
import { heading, plotTitle } from './heading.ts';
import { PALETTE } from './palette.ts';
import { intervalBand, markedQuantiles, objectiveLines, quantilePoints } from './quantileMarks.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { timeAxis, timedEvents, timeline } from './timeline.ts';
import { type AxisRange, valueAxis } from './valueAxis.ts';
import { valueName } from './valueName.ts';

const SIZE: PlotSize = { width: 880, height: 540 };

/**
 * How the values are distributed and when they were seen: above, the share of answers that took no longer than a value, with the
 * objective, the interval of the estimate and P50/P95; below, on the same axis, each answer at its time in the run, so that a burst
 * of slow ones is told from slow ones all along.
 * @throws RangeError when no event has a value
 */
export function quantileChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
): string {
  const timed = timedEvents(events);
  const sample = sortSample(timed.map((event) => event.value));
  const axis = valueAxis([
    valueOfRank(sample, 1),
    valueOfRank(sample, sample.length),
    objective.objective,
    // So far under the objective that a logarithmic axis would be all there is to see, a percentage is next to none.
    ...(objective.unit === '%' ? [0] : []),
  ]);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: [
      { left: 76, right: 52, top: 96, height: 260 },
      { left: 76, right: 52, top: 372, height: 104 },
    ],
    xAxis: [xAxis(axis, 0, null), xAxis(axis, 1, `${valueName(objective)}, ${objective.unit}`)],
    yAxis: [
      yAxis(shareAxis(objective), 0, `share of ${counted(objective)}`, (share) => percent(share)),
      { ...yAxis(timeAxis(timed), 1, 'time in run, s'), inverse: true },
    ],
    series: [
      {
        type: 'line',
        step: 'end',
        silent: true,
        symbol: 'none',
        lineStyle: { color: PALETTE.data, width: 2 },
        data: [[axis.min, 0], ...ecdfPoints(sample, markedQuantiles(objective)), [axis.max, 1]],
        markArea: intervalBand(objective, judgement, axis, { labelled: true }),
        markLine: objectiveLines(objective, axis, { labelled: true }),
        markPoint: quantilePoints(objective, sample, axis),
      },
      ...timeline(timed, LOWER),
      {
        type: 'line',
        silent: true,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: [],
        markArea: intervalBand(objective, judgement, axis, { labelled: false }),
        markLine: objectiveLines(objective, axis, { labelled: false }),
      },
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

const LOWER = { xAxisIndex: 1, yAxisIndex: 1 };

/** Where the waits between attempts are measured there may be no answer. */
function counted({ unit }: Objective): string {
  return unit === 'ms' ? 'answers' : 'requests';
}

function shareAxis(objective: Objective): AxisRange {
  const shares = new Set([0, 0.25, 0.5, 0.75, ...markedQuantiles(objective), 1]);
  return { type: 'value', min: 0, max: 1, ticks: [...shares].sort((a, b) => a - b) };
}
