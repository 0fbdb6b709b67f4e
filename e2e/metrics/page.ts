import { z } from 'zod';
import type { IterationLine } from '../core/record/measurementLine.ts';
import { eachCheck, eachLine, eachValue, type Reading } from './derivation.ts';
import {
  describeExceeded,
  GOOD_SHARE,
  MAX_BYTES,
  MAXIMUM,
  type MetricEntry,
  QUANTILE,
  TIME,
  ZERO_TOLERANCE,
} from './shapes.ts';

export const PAGE_METRICS = {
  blocking: {
    ...TIME,
    derive: eachValue(['iteration', 'visit'], 'blockedMs'),
    valueName: 'time for which the main thread was blocked',
    describeBad: ({ objective, unit }) => `blocked the page for ${objective} ${unit} or longer`,
    advice:
      'Record the page with the Performance panel of the browser while it answers: its longest tasks kept the main thread busy.',
    isOfMainThread: true,
  },

  chunkGap: {
    title: 'longest pause',
    ...TIME,
    presupposes: 'streaming',
    derive: eachLine(['iteration'], readChunkGap),
    valueName: 'longest pause between two pieces of the answer',
    describeBad: ({ objective, unit }) => `paused for ${objective} ${unit} or longer`,
    advice:
      'See in the waterfall whether the pieces came late or were drawn late: a proxy that buffers, or a long task of the page.',
    isOfMainThread: true,
  },

  /** Share of the display's frames that the main thread missed while an answer was shown. */
  missedFrames: {
    ...QUANTILE,
    unit: '%',
    key: 'belowPercent',
    limit: z.number().positive().max(100).describe('The quantile must be below this, in %'),
    derive: eachValue(['visit'], 'missedFramesPercent'),
    valueName: 'frames that the main thread missed',
    describeBad: ({ objective, unit }) => `missed ${objective} ${unit} of the frames or more`,
    advice:
      'Look for work that each piece of the answer repeats, such as a layout or a paint of the whole page.',
    isOfMainThread: true,
  },

  /** Is an answer shown piece by piece, and not all at its end? A share: after a stall of the page, one frame shows several pieces. */
  streaming: {
    ...GOOD_SHARE,
    isTimed: true,
    comparesTimes: true,
    derive: eachCheck('iteration', 'streaming'),
    describeBad: () => 'were shown all at once, at their end',
    advice:
      'Look for what holds the stream back: a proxy or a compression that buffers, or a page that draws only when the answer is complete.',
  },

  requests: {
    ...MAXIMUM,
    chart: 'counts',
    unit: 'requests',
    key: 'atMostRequests',
    limit: z.int().positive().describe('None may make more requests'),
    derive: eachValue(['iteration', 'visit'], 'requests'),
    describeBad: describeExceeded,
    advice:
      'Open the Network panel of the browser, do the same by hand, and look for requests that are not needed.',
    finding: 'heaviest',
  },

  /** Did the page's request use a connection that was already open? */
  connection: {
    ...ZERO_TOLERANCE,
    derive: eachCheck('iteration', 'connection'),
    describeBad: () => 'had to open a connection first',
    advice:
      'Look for what closes connections: a "Connection: close", a keep-alive shorter than the pause between questions, a different host name for the API.',
  },

  weight: {
    ...MAX_BYTES,
    derive: eachValue(['visit'], 'weightBytes'),
    valueName: 'bytes over the network',
    advice:
      'Look at the largest files of a visit: scripts that are not split or minified, images in an old format, answers without compression.',
    finding: 'heaviest',
  },

  /** Does a second visit fetch nothing again that could have been cached? */
  caching: {
    ...ZERO_TOLERANCE,
    derive: eachCheck('visit', 'caching'),
    describeBad: () => 'fetched again what could have been cached',
    advice:
      'Look at Cache-Control and ETag of these files: a file with a hash in its name can be cached forever.',
  },
} satisfies Record<string, MetricEntry>;

/** An answer that was shown all at once has no pause; `streaming` judges that. */
function readChunkGap({ failure, values, checks }: IterationLine): Reading {
  if (failure !== null) return null;
  const { longestGapMs: value } = values;
  if (value !== undefined) return { value };
  return checks.streaming === false ? null : 'missing';
}
