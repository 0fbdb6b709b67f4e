import type { CustomSeriesOption } from 'echarts';
import { shortText } from '../../core/shortText.ts';
import { KINDS } from './palette.ts';
import type { WaterfallRow } from './waterfallChart.ts';

/** Pixels: what is shorter would not be seen. */
const NARROWEST = 2;
const THICKNESS = 14;
/** Letters of a name in the legend. */
const LONGEST_NAME = 26;

/** A series for each name of a segment, in the order in which they appear, so that the legend explains the colours. */
export function waterfallBars(rows: WaterfallRow[]): (CustomSeriesOption & { name: string })[] {
  const bars = rows.flatMap(({ segments }, row) =>
    segments.map(({ name, fromMs, toMs }) => ({
      name: shortText(name, LONGEST_NAME),
      place: [row, fromMs, toMs],
    })),
  );
  const byName = [...Map.groupBy(bars, ({ name }) => name)];
  return byName.map(([name, group], index) => {
    const color = KINDS[index % KINDS.length] as string;
    return {
      type: 'custom',
      name,
      silent: true,
      itemStyle: { color },
      encode: { x: [1, 2], y: 0 },
      data: group.map(({ place }) => place),
      renderItem: (_, { coord, value }) => {
        const [x = 0, y = 0] = coord([value(1), value(0)]);
        const [end = x] = coord([value(2), value(0)]);
        const width = Math.max(NARROWEST, end - x);
        return {
          type: 'rect',
          shape: { x, y: y - THICKNESS / 2, width, height: THICKNESS },
          style: { fill: color },
        };
      },
    };
  });
}
