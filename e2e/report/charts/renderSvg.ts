import type { EChartsOption } from 'echarts';
import * as echarts from 'echarts/dist/echarts.esm.min.mjs';

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

/** The widest font that FONT leads to (DejaVu Sans) needs so much more than the narrow one that ECharts counts with where there is no DOM. */
const WIDER = { normal: 1.2, bold: 1.4 };

/** What to tell ECharts of so many pixels, so that a text that it cuts to fit does fit in every font. */
export function roomFor(pixels: number, weight: keyof typeof WIDER = 'normal'): number {
  return Math.floor(pixels / WIDER[weight]);
}

/**
 * Colours of all plots. Each plot brings its own white ground, since an image in a report cannot know whether the page around it is
 * dark. Contrast with white is at least 4.5 for text and 3 for shapes (WCAG 2.2, 1.4.3 and 1.4.11); red never stands alone: what is
 * red is also labelled.
 */
export const PALETTE = {
  ground: '#ffffff',
  ink: '#1f2328',
  muted: '#59636e',
  grid: '#e4e8ec',
  data: '#0550ae',
  band: 'rgba(5, 80, 174, 0.16)',
  bad: '#c3182b',
  badSide: 'rgba(195, 24, 43, 0.06)',
} as const;

/**
 * What lies side by side and is of no better or worse kind, dark and bright in turn, so that neighbours differ also to who sees no hue.
 * Without red, which says bad.
 */
export const KINDS = [
  '#0550ae',
  '#d4730b',
  '#116329',
  '#9a7df0',
  '#6b4c00',
  '#1a8fa3',
  '#7d1f6a',
  '#7f8b1e',
  '#3d4752',
  '#d862a6',
] as const;

/** Unquoted: ECharts writes it into an attribute as it stands. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Liberation Sans, Arial, sans-serif';

/** Keeps text legible where it crosses a line. */
export const HALO = { textBorderColor: PALETTE.ground, textBorderWidth: 3 };

/** Decimals of a marked line's position: ECharts rounds it to two by default, which takes 0.1 % for zero. */
export const LINE_PRECISION = 12;
