import type { CustomSeriesOption } from 'echarts';

/** Dots of one kind. */
export type Dots = { points: [number, number][]; colour: string; diameter: number };

/**
 * Draws any number of dots as one path. A scatter series writes an element of some 200 bytes for each dot, and a plot is embedded in
 * a report. A segment of next to no length with round caps is a dot.
 */
export function dots(
  { points, colour, diameter }: Dots,
  axes: { xAxisIndex: number; yAxisIndex: number },
): CustomSeriesOption {
  return {
    type: 'custom',
    ...axes,
    silent: true,
    clip: true,
    data: points.length === 0 ? [] : [points[0] as [number, number]],
    renderItem: (_, { coord }) => ({
      type: 'path',
      shape: { pathData: points.map((point) => dotAt(coord(point))).join('') },
      style: { fill: 'none', stroke: colour, lineWidth: diameter, lineCap: 'round' },
    }),
  };
}

function dotAt([x, y]: number[]): string {
  if (x === undefined || y === undefined) throw new RangeError('a dot lies on two axes');
  return `M${x.toFixed(1)} ${y.toFixed(1)}l0.01 0`;
}
