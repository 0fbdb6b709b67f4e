import { formatCount } from '../../core/verdict/format.ts';
import { type AxisRange, linearAxis, positionOnAxis, xAxis, yAxis } from './axes.ts';
import {
  dashedLine,
  dots,
  labelAlign,
  MAX_DOTS,
  type MarkPoint,
  marksOnly,
  thin,
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
  if (events.length === 0) throw new RangeError('a plot needs at least one event');
  const [good, bad]: [number[], number[]] = [[], []];
  let place = 0;
  for (const event of events) (event.bad ? bad : good).push(++place);
  const across = linearAxis(0, Math.max(events.length, sampleBudget) * 1.02);
  const row = (places: number[], height: number) =>
    thin(places, MAX_DOTS).map((place): [number, number] => [place, height]);
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
        ...(bad[0] === undefined ? {} : { markPoint: firstBad(bad[0], across) }),
      }),
      dots({ points: row(good, GOOD), colour: PALETTE.data, diameter: 5 }),
      dots({ points: row(bad, BAD), colour: PALETTE.bad, diameter: 7 }),
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
