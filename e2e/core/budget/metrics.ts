/**
 * The metrics that the harness can judge, whatever the product: which recorded value an event is made of, and in which unit.
 * An objective's id is `<operation>.<metric>.<statistic>`, or `<operation>.<metric>` where one statistic is all there is.
 */
export const METRICS = {
  /** Send to last byte; for a part of an answer, from the part's start to its end. */
  latency: { kind: 'quantile', unit: 'ms' },
  /** Send to the first piece of a streamed answer. */
  firstChunk: { kind: 'quantile', unit: 'ms' },
  /** Latency less the time that the model took for it. */
  ownTime: { kind: 'quantile', unit: 'ms' },
  /** Does the latency that an answer reports of itself agree with the one measured? */
  metadata: { kind: 'share', unit: 'share' },
  /** Was the request answered at all? */
  availability: { kind: 'share', unit: 'share' },
  /** Calls to the model that one request cost. */
  modelCalls: { kind: 'count', unit: 'calls' },
} as const satisfies Record<string, { kind: 'quantile' | 'share' | 'count'; unit: string }>;

export type MetricName = keyof typeof METRICS;
export type MetricKind = (typeof METRICS)[MetricName]['kind'];
export type Unit = (typeof METRICS)[MetricName]['unit'];
