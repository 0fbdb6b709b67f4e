import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import { formatValue } from '../../core/verdict/formatValue.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { xAxis, yAxis } from './axisOption.ts';
import { heading, plotTitle } from './heading.ts';
import { badSide, objectiveLine, TURN } from './objectiveMarks.ts';
import { HALO, PALETTE } from './palette.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { type TimedEvent, timeAxis, timedEvents, timeline } from './timeline.ts';
import { type AxisRange, positionOnAxis, valueAxis } from './valueAxis.ts';
import { valueName } from './valueName.ts';

const SIZE: PlotSize = { width: 880, height: 360 };

/**
 * Durations of which none may exceed the objective: each at its time in the run, the objective and what lies beyond it, and the greatest
 * by its name. One of them decides, so each is drawn by itself.
 * @throws RangeError when no event has a value
 */
export function limitChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
): string {
  const timed = timedEvents(events);
  const [first] = timed;
  if (first === undefined) throw new RangeError('a plot needs at least one value');
  const greatest = timed.reduce((a, b) => (b.value > a.value ? b : a), first);
  const smallest = timed.reduce((a, { value }) => Math.min(a, value), first.value);
  const axis = valueAxis([smallest, greatest.value, objective.objective]);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: { left: 76, right: 52, top: 96, height: 200 },
    xAxis: xAxis(axis, 0, `${valueName(objective)}, ${objective.unit}`),
    yAxis: { ...yAxis(timeAxis(timed), 0, 'time in run, s'), inverse: true },
    series: [
      {
        type: 'line',
        silent: true,
        data: [],
        markArea: { silent: true, data: [badSide(objective, axis)] },
        markLine: objectiveLine(objective, axis, { labelled: true, inverse: true }),
        markPoint: greatestPoint(greatest, first.atMs, axis, objective.unit),
      },
      ...timeline(timed, { xAxisIndex: 0, yAxisIndex: 0 }),
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

function greatestPoint(
  { value, atMs, bad }: TimedEvent,
  startMs: number,
  axis: AxisRange,
  unit: string,
): NonNullable<LineSeriesOption['markPoint']> {
  const colour = bad ? PALETTE.bad : PALETTE.data;
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 10,
    itemStyle: { color: colour, borderColor: PALETTE.ground, borderWidth: 2 },
    label: {
      ...HALO,
      position: positionOnAxis(axis, value) > TURN ? 'left' : 'right',
      color: PALETTE.ink,
      fontSize: 12,
      fontWeight: 'bold',
      formatter: `max ${formatValue(value, unit)}`,
    },
    data: [{ name: 'max', coord: [value, (atMs - startMs) / 1000] }],
  };
}
