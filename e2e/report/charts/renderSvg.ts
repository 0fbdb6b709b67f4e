import type { EChartsOption } from 'echarts';
import * as echarts from 'echarts/dist/echarts.esm.min.mjs';

/** Pixels. Playwright's report shows an image at its own size, up to the width of its column. */
export type PlotSize = { width: number; height: number };

/**
 * Renders without a DOM. The same option gives the same SVG in Node and in Deno: ECharts numbers its ids through the whole process, so
 * they are numbered again. The prefix `id` keeps the ids of several plots in one page apart.
 * @param title for screen readers
 */
export function renderSvg(
  option: EChartsOption,
  { id, title, ...size }: PlotSize & { id: string; title: string },
): string {
  const chart = echarts.init(null, THEME, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, ...option });
    const svg = renumber(removePointerStyles(chart.renderToSVGString()), id);
    return svg.replace(
      '>',
      () => ` role="img">\n<title>${echarts.format.encodeHTML(title)}</title>`,
    );
  } finally {
    chart.dispose();
  }
}

/** An image needs no styles for a pointer. ECharts escapes quotes in text, so that no text matches. */
function removePointerStyles(svg: string): string {
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

/** Without a DOM, ECharts measures text in a narrow font. DejaVu Sans, the widest font that FONT may select, needs this much more room. */
const FONT_WIDTH_RATIO = { normal: 1.2, bold: 1.4 };

/** The width at which ECharts cuts a text so that it fits into these pixels in every font. */
export function truncationWidth(
  pixels: number,
  weight: keyof typeof FONT_WIDTH_RATIO = 'normal',
): number {
  return Math.floor(pixels / FONT_WIDTH_RATIO[weight]);
}

/**
 * Colours of all plots, on a white ground. Contrast is at least 4.5 for text and 3 for shapes (WCAG 2.2, 1.4.3 and 1.4.11). Everything
 * red also has a label.
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
  /** Of earlier runs. */
  baseline: '#b35f00',
  baselineBand: 'rgba(212, 115, 11, 0.22)',
  earlier: 'rgba(89, 99, 110, 0.5)',
} as const;

/** Colours of categories, dark and bright in turn so that neighbours differ without hue. No red, which means bad. */
export const CATEGORY_COLOURS = [
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

/** Without quotes: ECharts does not escape them in an attribute. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Liberation Sans, Arial, sans-serif';

/** Keeps text legible where it crosses a line. */
export const HALO = { textBorderColor: PALETTE.ground, textBorderWidth: 3 };

/** Cuts a heading that is too long. */
const CUT = { overflow: 'truncate', ellipsis: '…', fontFamily: FONT };

const AXIS = {
  nameLocation: 'middle',
  nameTextStyle: { color: PALETTE.ink, fontSize: 13 },
  axisLine: { show: true, onZero: false, lineStyle: { color: PALETTE.muted } },
  axisLabel: { color: PALETTE.muted, fontSize: 12 },
  splitLine: { lineStyle: { color: PALETTE.grid } },
};

/** Options that all plots share. */
const THEME = {
  backgroundColor: PALETTE.ground,
  textStyle: { fontFamily: FONT, color: PALETTE.ink },
  title: {
    left: 16,
    top: 10,
    itemGap: 6,
    textStyle: { ...CUT, color: PALETTE.ink, fontSize: 16 },
    subtextStyle: { ...CUT, color: PALETTE.muted, fontSize: 13 },
  },
  legend: { textStyle: { color: PALETTE.ink, fontSize: 12 } },
  valueAxis: AXIS,
  logAxis: AXIS,
  categoryAxis: AXIS,
  line: { symbol: 'none' },
  /** Points at single values. */
  markPoint: { symbol: 'circle', label: { ...HALO, fontSize: 12, fontWeight: 'bold' } },
  /** Lines at what the objective asks for. */
  markLine: {
    symbol: 'none',
    // By default the position is rounded to two decimals, which turns 0.1 % into zero.
    precision: 12,
    lineStyle: { color: PALETTE.bad, type: 'solid', width: 2 },
    label: { color: PALETTE.bad, fontSize: 12, fontWeight: 'bold' },
  },
};
