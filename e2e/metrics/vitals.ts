import { z } from 'zod';
import { eachValue } from './derivation.ts';
import { describeReached, type MetricEntry, QUANTILE, TIME } from './shapes.ts';

const VITAL_TIME = { ...TIME, describeBad: describeReached } as const;

/** Web Vitals of a visit, as Chromium reports them: https://web.dev/articles/vitals. */
export const VITAL_METRICS = {
  /** Time to First Byte. */
  ttfb: {
    title: 'TTFB',
    ...VITAL_TIME,
    derive: eachValue(['visit'], 'ttfbMs'),
    advice:
      'Look at what comes before the first byte: redirects, a new connection, a server that renders before it answers.',
  },

  /** First Contentful Paint. */
  fcp: {
    title: 'FCP',
    ...VITAL_TIME,
    derive: eachValue(['visit'], 'fcpMs'),
    advice: 'Look for what blocks the first paint: scripts and styles in the head, fonts.',
  },

  /** Largest Contentful Paint. */
  lcp: {
    title: 'LCP',
    ...VITAL_TIME,
    derive: eachValue(['visit', 'audit'], 'lcpMs'),
    advice:
      'Look at which element was the largest, and what it waited for: a script or style in the head, an image that was discovered late, data fetched first.',
    finding: 'largest',
  },

  /** Total Blocking Time. */
  tbt: {
    title: 'TBT',
    ...VITAL_TIME,
    derive: eachValue(['audit'], 'tbtMs'),
    advice: 'Look for long tasks while the page loads: large scripts, or scripts that run at once.',
    isOfMainThread: true,
  },

  /** Interaction to Next Paint, in the lab: of the clicks and keys of a test. */
  inp: {
    title: 'INP',
    ...VITAL_TIME,
    derive: eachValue(['visit', 'audit'], 'inpMs'),
    advice:
      'Look at what the page does on a click or key before it paints: long handlers, work that could wait for the next frame.',
    finding: 'interaction',
    isOfMainThread: true,
  },

  /** Cumulative Layout Shift. */
  cls: {
    title: 'CLS',
    ...QUANTILE,
    unit: 'shift',
    key: 'belowShift',
    limit: z.number().positive().describe('The quantile must be below this score of layout shift'),
    derive: eachValue(['visit', 'audit'], 'layoutShift'),
    describeBad: describeReached,
    advice:
      'Look for what moves the page: content that arrives late without reserved space, such as a chart, an image without a size, a font.',
    finding: 'shift',
  },
} satisfies Record<string, MetricEntry>;
