import type { MetricName } from '../../core/budget/metrics.ts';
import type { Objective } from '../../core/budget/objective.ts';

/** What the values of a metric are, where its name does not say it to someone who meets it in a picture. */
const IN_WORDS: Partial<Record<MetricName, string>> = {
  modelCalls: 'calls of the model',
  fairness: "latency beyond the busiest tenant's at that time",
  timeout: 'time until the hanging call was given up',
  refusal: 'time until the caller was told',
  attempts: 'attempts at one call',
  attemptRate: 'calls within one second',
  gapGrowth: 'each wait compared with the one before',
  jitter: 'difference between the waits of two requests',
  recovery: 'time to an answer once the model was well',
  blocking: 'time for which the main thread was blocked',
  chunkGap: 'longest pause between two pieces of the answer',
  missedFrames: 'frames that the main thread missed',
  insight: 'time from the sign-in to the whole first answer',
  weight: 'bytes over the network',
  footprint: 'memory in use after garbage collection',
  growth: 'memory in use after garbage collection',
  nodeGrowth: 'nodes of the document',
  listenerGrowth: 'event listeners',
  documentGrowth: 'documents',
  serviceTime: 'time from the sending to the end',
  stall: 'longest time without an answer, of each second',
};

/** Names the axis of an objective's values: `classify latency`, `hungModel: time until the caller was told`. */
export function valueName({ operation, metric }: Objective): string {
  const words = IN_WORDS[metric];
  return words === undefined ? `${operation} ${metric}` : `${operation}: ${words}`;
}
