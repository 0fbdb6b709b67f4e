import { z } from 'zod';
import type { Objective } from '../core/budget/objective.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { MetricEntry } from './shapes.ts';

/** How far apart flakes are taken to be: each counts by itself, since they come from different runs. */
const APART_MS = 60_000;

export const FLAKE_RATE_METRICS = {
  /** Share of test executions whose outcome differs from another one of the same test at the same commit. */
  flakeRate: {
    kind: 'share',
    chart: 'none',
    unit: 'share',
    key: 'belowShare',
    limit: z
      .number()
      .gt(0)
      .lt(1, 'less than 1: it is a share, so 1 % is 0.01')
      .describe('The share of bad events must be below this'),
    statistics: [''],
    limitsBadShare: true,
    earlierEvents: 'executions of tests that ran at least twice at one commit',
    deriveSeries: deriveExecutions,
    describeBad: () => 'flaked',
    advice:
      'Find the tests that flake with npm run history: their outcomes differ at one commit, so the test or its measurement is at fault.',
  },
} satisfies Record<string, MetricEntry>;

/** An event for each execution, with the flakes spread evenly. */
function deriveExecutions({ id, earlierTests }: Objective): EventSeries {
  const { executions = 0, flakes = 0 } = earlierTests ?? {};
  const flakesUntil = (at: number) => Math.floor((at * flakes) / executions);
  const events = Array.from({ length: executions }, (_, at) => ({
    id: `${id}-${at}`,
    atMs: at * APART_MS,
    bad: flakesUntil(at + 1) > flakesUntil(at),
    value: null,
    requestId: null,
    tenant: null,
  }));
  return { events, failed: 0, missing: 0 };
}
