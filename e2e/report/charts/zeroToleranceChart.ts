import { eventColumns } from '../../core/record/event.ts';
import { formatCount } from '../../core/verdict/format.ts';
import { type AxisRange, linearAxis, positionOnAxis, xAxis, yAxis } from './axes.ts';
import {
  dashedLine,
  dots,
  labelAlign,
  MAX_DOTS,
  type MarkPoint,
  marksOnly,
  thinPlaces,
} from './marks.ts';
import { type Plotted, renderPlot } from './renderPlot.ts';
import { PALETTE, type PlotSize } from './renderSvg.ts';

const SIZE: PlotSize = { width: 880, height: 270 };
/** Heights of the two rows. */
const GOOD = 0.72;
const BAD = 0.28;

/**
 * For an objective without any bad request: each request in the order of sending, good and bad ones in a row each. The number to be judged
 * shows that a few good ones are not enough. The first bad request decides, so it is labelled with its number.
 * @throws RangeError without events
 */
export function zeroToleranceChart(plotted: Plotted): string {
  const {
    objective: { sampleBudget },
    series: { events },
  } = plotted;
  const n = events.length;
  if (n === 0) throw new RangeError('a plot needs at least one event');
  const { bad } = eventColumns(events);
  const across = linearAxis(0, Math.max(n, sampleBudget) * 1.02);
  const row = (wanted: number, height: number) =>
    thinPlaces(n, MAX_DOTS, (place) => bad[place] === wanted).map((place): [number, number] => [
      place + 1,
      height,
    ]);
  const first = bad.indexOf(1) + 1;
  return renderPlot(plotted, SIZE, {
    grid: { left: 76, right: 52, top: 96, height: 110 },
    xAxis: xAxis(across, 0, 'requests, in order of sending'),
    yAxis: yAxis(ROWS, 0, '', (height) => (height === BAD ? 'bad' : 'good')),
    series: [
      marksOnly({
        markLine: dashedLine(sampleBudget, across, {
          text: `${formatCount(sampleBudget)} to be judged`,
          position: 'end',
        }),
        ...(first === 0 ? {} : { markPoint: firstBad(first, across) }),
      }),
      dots({ points: row(0, GOOD), colour: PALETTE.data, diameter: 5 }),
      dots({ points: row(1, BAD), colour: PALETTE.bad, diameter: 7 }),
    ],
  });
}

const ROWS: AxisRange = { type: 'value', min: 0, max: 1, ticks: [BAD, GOOD] };

function firstBad(place: number, axis: AxisRange): MarkPoint {
  return {
    symbolSize: 7,
    itemStyle: { color: PALETTE.bad },
    label: {
      position: 'bottom',
      align: labelAlign(positionOnAxis(axis, place), 1),
      distance: 7,
      color: PALETTE.bad,
      formatter: `first bad one: number ${formatCount(place)}`,
    },
    data: [{ name: 'first bad one', coord: [place, BAD] }],
  };
}
