import type { Metric, Topic } from '../core/budget/metric.ts';
import { AVAILABILITY_METRICS, DEGRADED_ANSWER_METRICS } from './answers.ts';
import { FLAKE_RATE_METRICS } from './flakeRate.ts';
import { ISOLATION_METRICS } from './isolation.ts';
import { LATENCY_METRICS } from './latency.ts';
import { LIGHTHOUSE_METRICS } from './lighthouse.ts';
import { LOAD_METRICS } from './load.ts';
import { MEMORY_METRICS } from './memory.ts';
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
export const METRICS = {
  ...family('speed', LATENCY_METRICS),
  ...family('availability', AVAILABILITY_METRICS),
  ...family('tenants', ISOLATION_METRICS),
  ...family('misbehavingModel', TIMEOUT_METRICS),
  ...family('misbehavingModel', RETRY_METRICS),
  ...family('misbehavingModel', RECOVERY_METRICS),
  ...family('misbehavingModel', DEGRADED_ANSWER_METRICS),
  ...family('page', PAGE_METRICS),
  ...family('page', VITAL_METRICS),
  ...family('page', LIGHTHOUSE_METRICS),
  ...family('memory', MEMORY_METRICS),
  ...family('load', LOAD_METRICS),
  ...family('history', REGRESSION_METRICS),
  ...family('history', FLAKE_RATE_METRICS),
};

export type MetricName = keyof typeof METRICS;

type NamedEntry = MetricEntry & Metric;

function family<Name extends string>(
  topic: Topic,
  entries: Record<Name, MetricEntry>,
): Record<Name, NamedEntry> {
  const named = Object.entries<MetricEntry>(entries).map(
    ([name, entry]) => [name, { ...entry, name, topic, toJSON: () => name }] as const,
  );
  return Object.fromEntries(named) as Record<Name, NamedEntry>;
}
