import type { EChartsOption, LineSeriesOption } from 'echarts';
import { formatValue } from '../../core/verdict/format.ts';
import { describeChange, type Trend } from '../../history/trends.ts';
import type { StoredBaseline } from '../../metrics/regression.ts';
import { type AxisRange, linearAxis, xAxis, yAxis } from '../charts/axes.ts';
import { dashedLine, marksOnly } from '../charts/marks.ts';
import { PALETTE, renderSvg } from '../charts/renderSvg.ts';
import { spreadOf } from './sparkline.ts';

const WIDTH = 880;
const HEIGHT = 260;
const MOST_DATES = 10;

/** A figure in each run, the levels between its changes, and the stored baselines as bands. */
export function trendChart(
  name: string,
  { id, unit, points, changes }: Trend,
  baseline: StoredBaseline | null,
): string {
  const values = points.map(({ value }) => value);
  const sets = baseline?.sets ?? [];
  const range = spreadAxis([...values, ...sets.flatMap((set) => set.values)]);
  const across: AxisRange = {
    ...linearAxis(-0.5, points.length - 0.5),
    ticks: points
      .map((_, at) => at)
      .filter((at) => at % Math.ceil(points.length / MOST_DATES) === 0),
  };
  const starts = changes.map(({ first }) => points.findIndex(({ run }) => run.id === first.id));
  const last = formatValue(values.at(-1) ?? 0, unit);
  const subtext = [
    `median of each run, the last ${last}`,
    ...sets.map(
      ({ name, until, values: some }) => `${name} of ${until}: ${some.length} runs (orange)`,
    ),
  ].join('  ·  ');
  const option: EChartsOption = {
    title: { text: name, subtext, textStyle: { width: WIDTH - 32 } },
    grid: { left: 84, right: 40, top: 84, height: HEIGHT - 134 },
    xAxis: xAxis(
      across,
      0,
      'start of the run',
      (at) => points[at]?.run.startedAt.slice(0, 10) ?? '',
    ),
    yAxis: yAxis(range, 0, unit),
    series: [
      ...sets.map((set) => baselineBand(set.values)),
      ...levels(changes, starts, points.length),
      ...changes.map((change, at) =>
        marksOnly({
          markLine: dashedLine((starts[at] ?? 0) - 0.5, across, {
            text: describeChange(change),
            position: 'end',
          }),
        }),
      ),
      {
        type: 'line',
        symbol: 'circle',
        symbolSize: 5,
        lineStyle: { color: PALETTE.data, width: 1 },
        itemStyle: { color: PALETTE.data },
        data: values.map((value, at) => [at, value]),
      },
    ],
  };
  return renderSvg(option, {
    id: `trend ${id}`,
    title: `${name}: ${subtext}`,
    width: WIDTH,
    height: HEIGHT,
  });
}

function spreadAxis(values: number[]): AxisRange {
  const { least, most, spread } = spreadOf(values);
  const margin = (spread - (most - least)) / 2 + spread * 0.08;
  return linearAxis(least - margin, most + margin);
}

function baselineBand(values: number[]): LineSeriesOption {
  return marksOnly({
    markArea: {
      itemStyle: { color: PALETTE.baselineBand },
      label: { show: false },
      data: [[{ yAxis: Math.min(...values) }, { yAxis: Math.max(...values) }]],
    },
  });
}

/** The median of the runs between two changes, as a line over them. */
function levels(changes: Trend['changes'], starts: number[], runs: number): LineSeriesOption[] {
  const [first] = changes;
  if (first === undefined) return [];
  const heights = [first.before, ...changes.map(({ after }) => after)];
  const ends = [0, ...starts, runs];
  return heights.map((height, at) => ({
    type: 'line',
    lineStyle: { color: PALETTE.ink, width: 2 },
    data: [
      [(ends[at] ?? 0) - 0.5, height],
      [(ends[at + 1] ?? runs) - 0.5, height],
    ],
  }));
}
