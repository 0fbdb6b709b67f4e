import { z } from 'zod';
import type { Objective } from '../core/budget/objective.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import type { DeriveSeries, MetricEntry } from './shapes.ts';

const REGRESSION = {
  kind: 'regression',
  chart: 'none',
  unit: '×',
  key: 'belowRatio',
  limit: z
    .number()
    .gt(1, 'more than 1: it is a ratio to the baseline, so 10 % more is 1.1')
    .describe("The run's median, divided by the baseline's, must be below this"),
  statistics: [''],
  deriveSeries: deriveComparedFigure,
  describeBad: ({ objective }) => `exceeded the baseline by a factor of ${objective} or more`,
  advice:
    'Compare the commits since the baseline: npm run compare -- --baseline <its commit>. If it is meant to take more, accept a new baseline: npm run baseline:accept.',
} as const satisfies Partial<MetricEntry>;

/** Medians of the run, compared with those of accepted runs. To compare another one, add its metric here. */
export const REGRESSION_METRICS = {
  latencyRegression: { ...REGRESSION, compares: 'latency', isTimed: true },
  firstChunkRegression: { ...REGRESSION, compares: 'firstChunk', isTimed: true },
  ownTimeRegression: {
    ...REGRESSION,
    compares: 'ownTime',
    isTimed: true,
    mayBeNegative: true,
    leavesOutModel: true,
    needsModelCalls: true,
  },
  /** Memory in use, where its growth is judged. */
  memoryRegression: { ...REGRESSION, compares: 'growth' },
} satisfies Record<string, MetricEntry>;

/** The objective whose events make the figure that a regression compares; the first one of its operation and metric. */
export function findComparedObjective(
  { operation, metric }: Pick<Objective, 'operation' | 'metric'>,
  objectives: readonly Objective[],
): Objective | undefined {
  return objectives.find(
    (one) => one.operation === operation && one.metric.name === metric.compares,
  );
}

/** The stored baseline of the figure that an objective's events make; null: none is compared with it. */
export function baselineOf(
  { operation, metric }: Pick<Objective, 'operation' | 'metric'>,
  objectives: readonly Objective[],
): StoredBaseline | null {
  const comparing = objectives.find(
    (one) => one.operation === operation && one.metric.compares === metric.name,
  );
  return comparing?.baseline ?? null;
}

export type StoredBaseline = NonNullable<Objective['baseline']>;

/** The events of the compared metric, so that the figure is the one that the history keeps. None of them is bad by itself. */
function deriveComparedFigure(
  objective: Objective,
  record: Readonly<RunRecord>,
  deriveEvents: Parameters<DeriveSeries>[2],
): EventSeries {
  const compared = findComparedObjective(objective, record.run.objectives);
  if (compared === undefined) return { events: [], failed: 0, missing: 0 };
  const series = deriveEvents(compared, record);
  return { ...series, events: series.events.map((event) => ({ ...event, bad: false })) };
}
