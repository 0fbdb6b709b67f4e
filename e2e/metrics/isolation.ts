import { type MetricEntry, TIME, ZERO_TOLERANCE } from './shapes.ts';

/** How tenants are kept apart: in what they see, and in how long they wait. */
export const ISOLATION_METRICS = {
  /** Does every answer belong to the tenant that asked? */
  isolation: {
    ...ZERO_TOLERANCE,
    countsUnderLoad: 'request',
    comparesTenants: true,
    describeBad: () => 'held the data of another tenant or request',
    shownIn: 'answer',
    advice:
      'Treat it as a breach: look for what requests of several tenants share, such as a cache, a session or a connection without the tenant of the token in its key.',
  },

  /** How much longer a request of another tenant takes than the busiest tenant's at the same time. */
  fairness: {
    ...TIME,
    mayBeNegative: true,
    comparesTenants: true,
    valueName: "latency beyond the busiest tenant's at that time",
    describeBad: ({ objective, unit }) =>
      `took ${objective} ${unit} or longer more than the busiest tenant's`,
    advice:
      'Look for what makes all tenants wait while one of them sends many requests: a lock, a connection pool, a queue without a share for each tenant.',
  },
} satisfies Record<string, MetricEntry>;
