import type { EChartsOption } from 'echarts';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { countBars } from './countBars.ts';
import { heading, plotTitle } from './heading.ts';
import { PALETTE } from './palette.ts';
import { type PlotSize, renderSvg } from './renderSvg.ts';
import { valueName } from './valueName.ts';

const SIZE: PlotSize = { width: 880, height: 380 };

/**
 * How many requests came to how many: a bar for each count, or for a few in a row; those beyond the objective in red, each with its number.
 * @throws RangeError when no event has a value
 */
export function countChart(
  objective: Objective,
  { events }: EventSeries,
  judgement: Judgement,
): string {
  const counts = events.flatMap(({ value }) => (value === null ? [] : [value]));
  if (counts.length === 0) throw new RangeError('a plot needs at least one value');
  const bars = countBars(counts, objective.objective);
  const option: EChartsOption = {
    title: heading(objective, judgement, SIZE),
    grid: { left: 76, right: 52, top: 100, height: 190 },
    xAxis: {
      type: 'category',
      data: bars.map(({ label, beyond }) => ({
        value: beyond ? `${label}\n(beyond)` : label,
        textStyle: { color: beyond ? PALETTE.bad : PALETTE.muted },
      })),
      name: `${valueName(objective)}, per request`,
      nameLocation: 'middle',
      nameGap: 48,
      nameTextStyle: { color: PALETTE.ink, fontSize: 13 },
      axisLabel: { fontSize: 11, interval: 0 },
      axisLine: { lineStyle: { color: PALETTE.muted } },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      name: 'requests',
      nameLocation: 'middle',
      nameGap: 48,
      nameTextStyle: { color: PALETTE.ink, fontSize: 13 },
      axisLabel: { color: PALETTE.muted, fontSize: 12 },
      splitLine: { lineStyle: { color: PALETTE.grid } },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        barMaxWidth: 64,
        label: { show: true, position: 'top', color: PALETTE.ink, fontSize: 12 },
        data: bars.map(({ requests, beyond }) => ({
          value: requests,
          itemStyle: { color: beyond ? PALETTE.bad : PALETTE.data },
        })),
      },
    ],
  };
  return renderSvg(option, { id: judgement.id, title: plotTitle(objective, judgement), ...SIZE });
}
