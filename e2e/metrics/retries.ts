import { z } from 'zod';
import {
  MAX_CALLS,
  MAX_TIME,
  MAXIMUM,
  MEDIAN_ABOVE,
  type MetricEntry,
  ZERO_TOLERANCE,
} from './shapes.ts';

/** Of the waits between one request's own attempts. */
const WAITS = { ...MEDIAN_ABOVE, presupposes: 'retried', mostInABurst: 5 } as const;

/** What a target does after a call of the model has failed. */
export const RETRY_METRICS = {
  /** Was the request answered in spite of the fault? */
  answered: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    describeBad: () => 'were not answered',
    shownIn: 'answer',
    advice:
      'See how the target handled the failed call of the model: whether, how often and how long it retried, and whether its time-out is shorter than the model needs.',
  },

  /** Was a call that failed made again? */
  retried: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    describeBad: () => 'were not tried again',
    shownIn: 'modelCalls',
    advice:
      'Look at what the target does when a call of the model fails with a time-out, 429 or 5xx: it gives up at once instead of retrying.',
  },

  /** Attempts at one call of the model. */
  attempts: {
    ...MAX_CALLS,
    isTimed: true,
    valueName: 'attempts at one call',
    describeBad: ({ objective }) => `made more than ${objective} attempts at one call`,
    advice:
      'Look for the limit on attempts, for a second layer of retries (an SDK has its own), and for retries that cannot succeed, such as after a 400 or after part of the answer was shown.',
  },

  /** Calls of the model that one request makes within a second. */
  attemptRate: {
    ...MAXIMUM,
    chart: 'counts',
    unit: 'calls/s',
    key: 'atMostCallsPerSecond',
    limit: z.int().positive().describe('None may make more calls in a second'),
    valueName: 'calls within one second',
    describeBad: ({ objective }) => `made more than ${objective} calls within a second`,
    advice:
      'Look for attempts without a wait between them, or several loops that retry the same request.',
  },

  /** By how much each wait between attempts is longer than the one before. */
  gapGrowth: {
    ...WAITS,
    unit: '×',
    key: 'aboveFactor',
    limit: z.number().positive().describe('The quantile must be above this factor'),
    valueName: 'each wait compared with the one before',
    describeBad: ({ objective, unit }) => `had waits that grew by ${objective} ${unit} or less`,
    advice:
      'Look at how the wait before an attempt is calculated: it should double each time (100, 200, 400 ms and so on), but hardly grows.',
  },

  /** By how much the waits of two requests differ, in percent of the longer. */
  jitter: {
    ...WAITS,
    unit: '%',
    key: 'abovePercent',
    limit: z.number().positive().max(100).describe('The quantile must be above this, in %'),
    requestsPerEvent: 2,
    valueName: 'difference between the waits of two requests',
    describeBad: ({ objective, unit }) =>
      `had waits that differed from another request's by ${objective} ${unit} or less`,
    advice:
      'Look for the random part of the wait before an attempt: without it, requests that failed together are retried together.',
  },

  /** Did the next attempt wait as long as the model asked for? */
  retryAfter: {
    ...ZERO_TOLERANCE,
    presupposes: 'answered',
    describeBad: () => 'were retried sooner than the model had asked',
    shownIn: 'retryWaits',
    advice:
      'Check whether the target reads the Retry-After of a 429, in seconds and as a date, and whether it replaces a shorter wait.',
  },

  /** From the moment when the model is well again, or the sending where that is later, to an answer. */
  recovery: {
    ...MAX_TIME,
    valueName: 'time to an answer once the model was well',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit} to recover`,
    advice:
      'Look for what outlasts the outage: a circuit breaker that stays open, waits that have grown, dead connections in the pool.',
  },
} satisfies Record<string, MetricEntry>;
