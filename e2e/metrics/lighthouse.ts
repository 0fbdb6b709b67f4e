import { z } from 'zod';
import type { Limit } from '../core/budget/metric.ts';
import { eachValue } from './derivation.ts';
import { describeReached, MEDIAN_ABOVE, type MetricEntry, QUANTILE } from './shapes.ts';

const BYTES = {
  ...QUANTILE,
  unit: 'B',
  key: 'belowBytes',
  limit: z.int().positive().describe('The quantile must be below this, in bytes'),
  describeBad: describeReached,
} as const;

const POINTS = {
  ...MEDIAN_ABOVE,
  unit: 'points',
  key: 'abovePoints',
  limit: z.number().positive().max(100).describe('The quantile must be above this, of 100'),
  describeBad: ({ objective, unit }: Limit) => `came to ${objective} ${unit} or less`,
} as const;

/** What Lighthouse alone reports of a visit. */
export const LIGHTHOUSE_METRICS = {
  /** Bytes of scripts and styles that were loaded and not used. */
  unusedBytes: {
    ...BYTES,
    derive: eachValue(['audit'], 'unusedBytes'),
    advice: 'Load what a visit needs first; the rest can come later.',
    finding: 'heaviest',
  },

  totalBytes: {
    ...BYTES,
    derive: eachValue(['audit'], 'totalBytes'),
    advice: 'Look at the largest files in the report of Lighthouse that is linked.',
    finding: 'heaviest',
  },

  score: {
    ...POINTS,
    derive: eachValue(['audit'], 'scorePoints'),
    advice: 'Open the report of Lighthouse that is linked: it lists what costs the most points.',
  },

  accessibility: {
    ...POINTS,
    derive: eachValue(['audit'], 'accessibilityPoints'),
    advice: 'Open the report of Lighthouse that is linked: it names the elements.',
  },

  bestPractices: {
    ...POINTS,
    derive: eachValue(['audit'], 'bestPracticesPoints'),
    advice: 'Open the report of Lighthouse that is linked: it names what it found.',
  },
} satisfies Record<string, MetricEntry>;
