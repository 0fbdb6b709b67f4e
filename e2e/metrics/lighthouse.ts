import { ofValue } from './derivation.ts';
import { BELOW_BYTES, describeLow, describeReached, type MetricEntry, POINTS } from './shapes.ts';

/** What Lighthouse alone reports of a visit. */
export const LIGHTHOUSE_METRICS = {
  /** Bytes of scripts and styles that were loaded and not used. */
  unusedBytes: {
    ...BELOW_BYTES,
    derive: ofValue(['audit'], 'unusedBytes'),
    describeBad: describeReached,
    advice: 'Load what a visit needs first; the rest can come later.',
    finding: 'heaviest',
  },

  /** Bytes that Lighthouse saw loaded. */
  totalBytes: {
    ...BELOW_BYTES,
    derive: ofValue(['audit'], 'totalBytes'),
    describeBad: describeReached,
    advice: 'Look at the largest files in the report of Lighthouse that is linked.',
    finding: 'heaviest',
  },

  /** Score of performance. */
  score: {
    ...POINTS,
    derive: ofValue(['audit'], 'scorePoints'),
    describeBad: describeLow,
    advice: 'Open the report of Lighthouse that is linked: it lists what costs the most points.',
  },

  /** Score of accessibility. */
  accessibility: {
    ...POINTS,
    derive: ofValue(['audit'], 'accessibilityPoints'),
    describeBad: describeLow,
    advice: 'Open the report of Lighthouse that is linked: it names the elements.',
  },

  /** Score of best practices. */
  bestPractices: {
    ...POINTS,
    derive: ofValue(['audit'], 'bestPracticesPoints'),
    describeBad: describeLow,
    advice: 'Open the report of Lighthouse that is linked: it names what it found.',
  },
} satisfies Record<string, MetricEntry>;
