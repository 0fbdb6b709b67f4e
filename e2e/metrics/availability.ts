import { eachRequest } from './derivation.ts';
import { GOOD_SHARE, IN_THE_LOG, type MetricEntry } from './shapes.ts';

export const AVAILABILITY_METRICS = {
  /** Was the request answered at all? It depends on time: callers give up, and a connection that waits too long is closed. */
  availability: {
    ...GOOD_SHARE,
    isTimed: true,
    countsUnderLoad: 'request',
    derive: eachRequest(({ failure }) => ({ value: null, bad: failure !== null })),
    readLoad: ({ failure }) => ({ value: null, bad: failure !== null }),
    describeBad: () => 'failed',
    shownIn: 'answer',
    advice: `${IN_THE_LOG}.`,
  },
} satisfies Record<string, MetricEntry>;
