import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { type AxisRange, linearAxis, positionOnAxis, xAxis, yAxis } from './axes.ts';
import { dashedLine, dots, type MarkLine, TURN, thin } from './marks.ts';
import { heading, plotTitle } from './renderPlot.ts';
import { HALO, PALETTE, type PlotSize, renderSvg } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 270 };
/** Dots drawn of good requests, and of bad ones. */
const MOST_DOTS = 300;
/** Where the two rows lie. */
const GOOD = 0.72;
const BAD = 0.28;

/**
 * Where not one request may be bad: each in the order of sending, good ones in one row and bad ones in the other, and the number that was
 * to be judged, so that a few good ones do not look like enough. The first bad one decides and has its place in words.
 * @throws RangeError without events
 */
export function neverChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
): string {
  if (events.length === 0) throw new RangeError('a plot needs at least one event');
  const placesOf = (wanted: boolean) =>
    events.flatMap((event, at) => (event.bad === wanted ? [at + 1] : []));
  const [good, bad] = [placesOf(false), placesOf(true)];
  const across = linearAxis(0, Math.max(events.length, objective.sampleBudget) * 1.02);
  const onAxes = { xAxisIndex: 0, yAxisIndex: 0 };
  const row = (places: number[], height: number) =>
    thin(places, MOST_DOTS).map((place): [number, number] => [place, height]);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: { left: 76, right: 52, top: 96, height: 110 },
    xAxis: xAxis(across, 0, 'requests, in order of sending'),
    yAxis: yAxis(ROWS, 0, '', (height) => (height === BAD ? 'bad' : 'good')),
    series: [
      {
        type: 'line',
        silent: true,
        data: [],
        markLine: toBeJudged(objective, across),
        ...(bad[0] === undefined ? {} : { markPoint: firstBad(bad[0], across) }),
      },
      dots({ points: row(good, GOOD), colour: PALETTE.data, diameter: 5 }, onAxes),
      dots({ points: row(bad, BAD), colour: PALETTE.bad, diameter: 7 }, onAxes),
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}

const ROWS: AxisRange = { type: 'value', min: 0, max: 1, ticks: [BAD, GOOD] };

function toBeJudged({ sampleBudget }: Objective, axis: AxisRange): MarkLine {
  const words = `${sampleBudget.toLocaleString('en-US')} to be judged`;
  return dashedLine(sampleBudget, axis, { words, position: 'end' });
}

function firstBad(place: number, axis: AxisRange): NonNullable<LineSeriesOption['markPoint']> {
  return {
    silent: true,
    symbol: 'circle',
    symbolSize: 7,
    itemStyle: { color: PALETTE.bad },
    label: {
      ...HALO,
      position: 'bottom',
      align: positionOnAxis(axis, place) > TURN ? 'right' : 'left',
      distance: 7,
      color: PALETTE.bad,
      fontSize: 12,
      fontWeight: 'bold',
      formatter: `first bad one: number ${place.toLocaleString('en-US')}`,
    },
    data: [{ name: 'first bad one', coord: [place, BAD] }],
  };
}
