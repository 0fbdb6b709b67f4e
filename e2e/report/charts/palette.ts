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
