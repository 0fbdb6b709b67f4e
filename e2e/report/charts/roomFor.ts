/** The widest font that FONT leads to (DejaVu Sans) needs so much more than the narrow one that ECharts counts with where there is no DOM. */
const WIDER = { normal: 1.2, bold: 1.4 };

/** What to tell ECharts of so many pixels, so that a text that it cuts to fit does fit in every font. */
export function roomFor(pixels: number, weight: keyof typeof WIDER = 'normal'): number {
  return Math.floor(pixels / WIDER[weight]);
}
