import { z } from 'zod';

/**
 * How a metric is judged.
 * - `quantile`: a quantile must be below the objective, or above it.
 * - `share`: more than a share of all events must be good.
 * - `maximum`: no event may exceed the objective.
 * - `zeroTolerance`: no event may be bad.
 * - `growth`: from each event to the next, values may grow by no more than the objective.
 * - `capacity`: a rate above the objective must be kept.
 * - `regression`: the median of the run, divided by that of a stored baseline, must be below the objective.
 */
type MetricKind =
  | 'quantile'
  | 'share'
  | 'maximum'
  | 'zeroTolerance'
  | 'growth'
  | 'capacity'
  | 'regression';

/** Units of values and objectives. `use` is one iteration: a question asked of a page, a request to a process. */
export type Unit =
  | 'ms'
  | 'share'
  | 'calls'
  | 'calls/s'
  | '×'
  | '%'
  | 'requests'
  | 'B'
  | 'points'
  | 'shift'
  | 'B/use'
  | 'nodes/use'
  | 'listeners/use'
  | 'documents/use'
  | 'ms/1,000 requests'
  | 'requests/s';

/** What a metric counts under a load: requests, seconds, windows of equally many requests, steps of a search, or memory readings. */
type LoadUnit = 'request' | 'second' | 'window' | 'step' | 'reading';

/** The chart that a report draws of a metric's events; part of the name of the image. */
export type ChartName =
  | 'ECDF'
  | 'share so far'
  | 'each request'
  | 'each value'
  | 'counts'
  | 'growth'
  | 'rates'
  | 'none';

export type Topic =
  | 'speed'
  | 'availability'
  | 'tenants'
  | 'misbehavingModel'
  | 'page'
  | 'memory'
  | 'load'
  | 'history';

/** What a description of bad events may mention: the number in the budget, its unit, and the P95 limit of a rate. */
export type Limit = { objective: number; unit: string; keptBelowMs?: number | undefined };

/** How a metric is judged, how a budget writes it, and how reports describe it. The metrics stand in `e2e/metrics/`. */
export type Metric = {
  /** The middle part of its objectives' ids. */
  readonly name: string;
  /** Its name for readers, where that is not `name` in words. */
  readonly title?: string;
  /** In a record and a run context, an objective holds only the name of its metric. */
  readonly toJSON: () => string;
  readonly topic: Topic;

  kind: MetricKind;
  unit: Unit;
  /** Key of the number in a budget; it says direction and unit. */
  key: string;
  /** The numbers that a budget may set, the same for all metrics with that key. */
  limit: z.ZodType<number>;
  /** Last parts of its objectives' ids; the empty one leaves the id at `<operation>.<metric>`. */
  statistics: readonly string[];
  /** Greater values are better: the quantile must be above the objective. */
  wantsMore?: true;
  /** Of a share: that of the bad events must be below the objective. */
  limitsBadShare?: true;
  /** Metric of the same operation whose median is compared with the baseline. */
  compares?: string;
  /** What its events are if they come from earlier runs, so that a longer run adds none. */
  earlierEvents?: string;
  mayBeNegative?: true;
  /** Metric of the same operation that must be met for this one to have data: without a retry there is no wait before it. */
  presupposes?: string;
  /** The most bad events in a row that one incident can cause. Absent: any number. */
  mostInABurst?: number;
  /** How many requests one event takes; default: one. */
  requestsPerEvent?: number;
  /** Absent: no load is judged by it. */
  countsUnderLoad?: LoadUnit;

  /** Whether an event is bad depends on time, though its unit is not ms. */
  isTimed?: true;
  /** Two measured times are compared, so small delays matter too. */
  comparesTimes?: true;
  /** The model's time, and how late the AI mock was, are subtracted. */
  leavesOutModel?: true;
  /** Needs calls of the model that are matched to the requests that caused them. */
  needsModelCalls?: true;
  comparesTenants?: true;

  chart: ChartName;
  /** Names the values on the axis of a plot, where the metric's name alone does not explain it. */
  valueName?: string;
  /** What made an event bad, as the end of a sentence: "3 of 72 took 2000 ms or longer". */
  describeBad: (limit: Limit) => string;
  /** Where the cause of a bad event shows, besides its value. */
  shownIn?: 'answer' | 'modelCalls' | 'retryWaits' | 'reportedLatency';
  /** Where to look first after the objective was missed. */
  advice: string | ((objective: { operation: string; fault: string | null }) => string);
  /** The finding of a repeated page step that explains a miss; default: the busiest function. */
  finding?: 'heaviest' | 'shift' | 'largest' | 'interaction';
  /** What kept the page's main thread busy explains a miss better than the slowest request. */
  isOfMainThread?: true;
};

export type MetricRegistry = Readonly<Record<string, Metric>>;

/** Reads the name of a metric, as a record has it, as the metric. */
export function metricSchema(metrics: MetricRegistry) {
  return z.string().transform((name, context) => {
    if (Object.hasOwn(metrics, name)) return metrics[name] as Metric;
    context.addIssue('a metric that this harness knows');
    return z.NEVER;
  });
}
