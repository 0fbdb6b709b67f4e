import type { EChartsOption } from 'echarts';
import * as echarts from 'echarts/dist/echarts.esm.min.mjs';
import { FONT, PALETTE } from './palette.ts';

/** Pixels. Playwright's report shows an image at its own size, up to the width of its column. */
export type PlotSize = { width: number; height: number };

/**
 * Renders without a DOM. The same option gives the same text, in Node and in Deno: ECharts numbers its ids and classes through the
 * process, so they are numbered anew here, under `id`, which keeps several plots in one page apart.
 * @param title what a screen reader says in place of the picture
 */
export function renderSvg(
  option: EChartsOption,
  { id, title, ...size }: PlotSize & { id: string; title: string },
): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: PALETTE.ground,
      textStyle: { fontFamily: FONT, color: PALETTE.ink },
      ...option,
    });
    const svg = renumber(withoutPointer(chart.renderToSVGString()), id);
    return svg.replace(
      '>',
      () => ` role="img">\n<title>${echarts.format.encodeHTML(title)}</title>`,
    );
  } finally {
    chart.dispose();
  }
}

/** Styles for a pointer over a shape, which an image never meets. ECharts escapes quotes in text, so none of it is touched. */
function withoutPointer(svg: string): string {
  return svg
    .replace(/<style >(?:[^<]|<!)*<\/style>/, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, '');
}

function renumber(svg: string, id: string): string {
  const prefix = id.replaceAll(/[^A-Za-z0-9]+/g, '-');
  const numbers = new Map<string, number>();
  return svg.replaceAll(/\bzr\d+-[a-z]+\d+/g, (found) => {
    const number = numbers.get(found) ?? numbers.size;
    numbers.set(found, number);
    return `${prefix}-${number}`;
  });
}
