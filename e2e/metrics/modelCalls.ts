import { eachAnswered } from './derivation.ts';
import { MAX_CALLS, type MetricEntry } from './shapes.ts';

export const MODEL_CALL_METRICS = {
  /** Calls of the model that one request causes. A request without a call that was seen is missing, not zero. */
  modelCalls: {
    ...MAX_CALLS,
    statistics: ['perRequest'],
    needsModelCalls: true,
    derive: eachAnswered(
      ['request'],
      (request, { callsOf }) => callsOf(request).length || undefined,
    ),
    valueName: 'calls of the model',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit}`,
    advice: 'Look for retries and duplicate calls: each call of the model costs money.',
  },
} satisfies Record<string, MetricEntry>;
