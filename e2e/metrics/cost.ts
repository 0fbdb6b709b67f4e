import { eachAnswered } from './derivation.ts';
import { MAX_CALLS, type MetricEntry } from './shapes.ts';

export const COST_METRICS = {
  /** Calls of the model that one request costs. */
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
