import type { OperationCatalogue } from '../core/budget/operationCatalogue.ts';

/** What SalesTalk does, and what can be judged of it. */
export const SALESTALK_OPERATIONS = {
  classify: {
    workload: 'latencyBaseline',
    metrics: {
      latency: ['api'],
      ownTime: ['api', 'mockedAi'],
      metadata: ['api'],
      modelCalls: ['api', 'mockedAi'],
    },
  },
  chat: {
    workload: 'latencyBaseline',
    metrics: {
      latency: ['api'],
      ownTime: ['api', 'mockedAi'],
      metadata: ['api'],
      modelCalls: ['api', 'mockedAi'],
    },
  },
  /** The part of a chat that the model writes, seen through the stream of its answer. */
  narrative: {
    workload: 'latencyBaseline',
    metrics: {
      latency: ['api', 'streaming'],
      firstChunk: ['api', 'streaming'],
    },
  },
  /** All of the above together. */
  api: {
    workload: null,
    metrics: { availability: ['api'] },
  },
} satisfies OperationCatalogue;

/** Operations that send requests of their own. */
export type SentOperation = Exclude<keyof typeof SALESTALK_OPERATIONS, 'api'>;
