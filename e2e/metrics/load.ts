import { z } from 'zod';
import { describeExceeded, GROWTH, MAX_TIME, type MetricEntry } from './shapes.ts';

/** What shows under a load alone. */
export const LOAD_METRICS = {
  /** For how long nothing was answered while requests were under way. */
  stall: {
    ...MAX_TIME,
    countsUnderLoad: 'second',
    valueName: 'longest time without an answer, of each second',
    describeBad: ({ objective, unit }) => `had no answer for more than ${objective} ${unit}`,
    advice:
      'Look for what stops the whole process for a while: a long garbage collection, synchronous work, a lock, a periodic job.',
  },

  /** By how much latency grows, the longer a load lasts. */
  latencyGrowth: {
    ...GROWTH,
    unit: 'ms/1,000 requests',
    key: 'atMostMsPer1000Requests',
    limit: z
      .number()
      .positive()
      .describe('The median may grow by this much, in ms, with each thousand requests'),
    isTimed: true,
    countsUnderLoad: 'window',
    describeBad: describeExceeded,
    advice:
      'Look for what grows with every request: a list that is searched, a table without an index, a queue that never empties.',
  },

  /** The highest rate that is kept up. */
  rate: {
    kind: 'capacity',
    chart: 'rates',
    unit: 'requests/s',
    key: 'aboveRate',
    limit: z.number().positive().describe('Requests per second that must be kept up, and more'),
    statistics: [''],
    countsUnderLoad: 'step',
    describeBad: ({ keptBelowMs }) => `failed or took ${keptBelowMs} ms or longer`,
    advice:
      'See in the table of the load which process ran out of CPU at the knee, and whether own time grew with the rate. If neither did, requests waited for a scarce resource, such as connections or a lock.',
  },
} satisfies Record<string, MetricEntry>;
