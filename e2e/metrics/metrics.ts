import type { Metric } from '../core/budget/metric.ts';
import { AVAILABILITY_METRICS } from './availability.ts';
import { DEGRADED_ANSWER_METRICS } from './degradedAnswers.ts';
import { FLAKE_RATE_METRICS } from './flakeRate.ts';
import { ISOLATION_METRICS } from './isolation.ts';
import { LATENCY_METRICS } from './latency.ts';
import { LIGHTHOUSE_METRICS } from './lighthouse.ts';
import { LOAD_METRICS } from './load.ts';
import { MEMORY_METRICS } from './memory.ts';
import { MODEL_CALL_METRICS } from './modelCalls.ts';
import { PAGE_METRICS } from './page.ts';
import { RECOVERY_METRICS } from './recovery.ts';
import { REGRESSION_METRICS } from './regression.ts';
import { RETRY_METRICS } from './retries.ts';
import type { MetricEntry } from './shapes.ts';
import { TIMEOUT_METRICS } from './timeouts.ts';
import { VITAL_METRICS } from './vitals.ts';

/**
 * The metrics that the harness can judge, whatever the product. An objective's id is `<operation>.<metric>.<statistic>`, or
 * `<operation>.<metric>` where the metric has no choice of statistic. To add a metric, add its entry to a family.
 */
export const METRICS = withNames({
  ...LATENCY_METRICS,
  ...AVAILABILITY_METRICS,
  ...MODEL_CALL_METRICS,
  ...ISOLATION_METRICS,
  ...TIMEOUT_METRICS,
  ...RETRY_METRICS,
  ...RECOVERY_METRICS,
  ...DEGRADED_ANSWER_METRICS,
  ...PAGE_METRICS,
  ...VITAL_METRICS,
  ...LIGHTHOUSE_METRICS,
  ...MEMORY_METRICS,
  ...LOAD_METRICS,
  ...REGRESSION_METRICS,
  ...FLAKE_RATE_METRICS,
});

export type MetricName = keyof typeof METRICS;

type NamedEntry = MetricEntry & Metric;

function withNames<Name extends string>(
  entries: Record<Name, MetricEntry>,
): Record<Name, NamedEntry> {
  const named = Object.entries<MetricEntry>(entries).map(
    ([name, entry]) => [name, { ...entry, name, toJSON: () => name }] as const,
  );
  return Object.fromEntries(named) as Record<Name, NamedEntry>;
}
