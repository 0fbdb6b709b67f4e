import type { MetricName } from '../core/budget/metrics.ts';
import {
  ANY_FAULT,
  type Need,
  type OperationCatalogue,
} from '../core/budget/operationCatalogue.ts';
import { LOADS } from './loads.ts';

const FAULT_NEEDS: Need[] = ['api', 'mockedAi', 'faults'];
/** Dozens of questions, which a real model would be paid for. */
const PAGE_NEEDS: Need[] = ['ui', 'mockedAi'];

/** Thousands of requests, watched through the metrics of the process. */
const MEMORY_NEEDS: Need[] = ['api', 'mockedAi', 'load', 'serverMetrics'];

const FIRST_VISIT = {
  ttfb: PAGE_NEEDS,
  fcp: PAGE_NEEDS,
  lcp: PAGE_NEEDS,
  cls: PAGE_NEEDS,
  inp: PAGE_NEEDS,
  insight: PAGE_NEEDS,
  firstChunk: PAGE_NEEDS,
  latency: PAGE_NEEDS,
  blocking: PAGE_NEEDS,
  missedFrames: PAGE_NEEDS,
};
const REPEAT_VISIT = { ttfb: ['ui'], fcp: ['ui'], lcp: ['ui'], cls: ['ui'] } satisfies Record<
  string,
  Need[]
>;

/** What SalesTalk does, and what can be judged of it. */
export const SALESTALK_OPERATIONS = {
  classify: {
    workload: 'latencyBaseline',
    sent: true,
    metrics: {
      latency: ['api'],
      ownTime: ['api', 'mockedAi'],
      metadata: ['api'],
      modelCalls: ['api', 'mockedAi'],
    },
  },
  chat: {
    workload: 'latencyBaseline',
    sent: true,
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
    sent: true,
    metrics: {
      latency: ['api', 'streaming'],
      firstChunk: ['api', 'streaming'],
    },
  },
  /** All of the above together. */
  api: {
    workload: null,
    spans: true,
    metrics: { availability: ['api'] },
  },
  /** Whoever asks: whatever is asked, the answer is theirs. */
  tenants: {
    workload: null,
    spans: true,
    metrics: { isolation: ['api', 'load'] },
  },
  /** Five tenants at once and then twenty, one of whom asks more than all others together: these others. */
  quietTenants: {
    workload: 'tenants',
    spans: true,
    metrics: { fairness: ['api', 'load'] },
  },

  ...LOADS,

  /** A question asked on the page: from the click to the words, as they are painted. */
  answer: {
    workload: 'pageAnswers',
    metrics: {
      firstChunk: PAGE_NEEDS,
      latency: PAGE_NEEDS,
      blocking: PAGE_NEEDS,
      streaming: [...PAGE_NEEDS, 'streaming'],
      requests: PAGE_NEEDS,
      connection: PAGE_NEEDS,
      chunkGap: [...PAGE_NEEDS, 'streaming'],
    },
  },
  /** The page opened in a browser that does not know it, and then once more. */
  page: {
    workload: 'pageVisits',
    metrics: { weight: ['ui'], requests: ['ui'], caching: ['ui'] },
  },
  /** What one question after the other leaves behind in the page. */
  'page.heap': { workload: 'pageHeap', metrics: { growth: PAGE_NEEDS, footprint: PAGE_NEEDS } },
  'page.dom': {
    workload: 'pageHeap',
    spans: true,
    metrics: {
      nodeGrowth: PAGE_NEEDS,
      listenerGrowth: PAGE_NEEDS,
      documentGrowth: PAGE_NEEDS,
    },
  },
  /** Memory of the API's process, request after request. */
  'api.memory': {
    workload: 'apiMemory',
    metrics: { growth: MEMORY_NEEDS, footprint: MEMORY_NEEDS },
  },
  /** SalesTalk started anew: from the start of its process to its first answer. */
  coldStart: { workload: 'coldStarts', metrics: { latency: ['embedded'] } },

  /** A person who comes to the page for the first time, signs in and asks, at a desk. */
  desktop: { workload: 'desktopVisits', metrics: FIRST_VISIT },
  /** The same on a mid-range phone on a slow network. */
  phone: { workload: 'phoneVisits', metrics: FIRST_VISIT },
  /** Whoever comes back. */
  desktopRepeat: { workload: 'desktopRepeatVisits', metrics: REPEAT_VISIT },
  phoneRepeat: { workload: 'phoneRepeatVisits', metrics: REPEAT_VISIT },

  /** What Lighthouse says of a first visit on a desktop. */
  lighthouse: {
    workload: 'lighthouse',
    metrics: {
      lcp: ['ui'],
      cls: ['ui'],
      tbt: ['ui'],
      totalBytes: ['ui'],
      unusedBytes: ['ui'],
      score: ['ui'],
    },
  },

  /** What Lighthouse says of a phone's first visit, and of the question that follows. */
  lighthouseFlow: {
    workload: 'lighthouseFlow',
    metrics: {
      lcp: PAGE_NEEDS,
      cls: PAGE_NEEDS,
      tbt: PAGE_NEEDS,
      inp: PAGE_NEEDS,
      score: PAGE_NEEDS,
      accessibility: PAGE_NEEDS,
      bestPractices: PAGE_NEEDS,
    },
  },

  /** The model takes 5 s, as in the test plan. */
  slowModel: underFault('slowModel', ['answered', 'latency']),
  /** The model accepts a call and never answers it. */
  hungModel: {
    ...underFault('hungModel', ['timeout', 'refusal', 'released']),
    gaps: { timeout: 'client-timeout', refusal: 'client-timeout' },
  },
  /** The same, asked from the page. */
  hungPage: {
    ...underFault('hungPage', []),
    metrics: { page: [...FAULT_NEEDS, 'ui'] },
    gaps: { page: 'client-timeout' },
  },
  /** The caller goes away while the model is at work. */
  callerLeaves: underFault('callerLeaves', ['workStops']),
  /** The model fails, whatever is tried, and many users ask at once. */
  brokenModel: {
    ...underFault('brokenModel', [
      'retried',
      'attempts',
      'attemptRate',
      'gapGrowth',
      'jitter',
      'refusal',
    ]),
    gaps: { retried: 'retry-backoff', gapGrowth: 'retry-backoff', jitter: 'retry-backoff' },
  },
  /** The model fails at first and is well at the third attempt. */
  recoveringModel: {
    ...underFault('recoveringModel', ['answered']),
    gaps: { answered: 'retry-backoff' },
  },
  /** The model says that what it was asked is wrong. */
  rejectingModel: underFault('rejectingModel', ['attempts']),
  /** The narrative breaks off after part of it has been shown. */
  cutNarrative: {
    ...underFault('cutNarrative', []),
    metrics: { attempts: [...FAULT_NEEDS, 'streaming'] },
  },
  /** The model asks to be left alone for a second. */
  throttlingModel: {
    ...underFault('throttlingModel', ['answered', 'retryAfter']),
    gaps: { answered: 'rate-limit', retryAfter: 'rate-limit' },
  },
  /** Nothing listens where the model does, for a while. */
  outage: underFault('outage', ['recovery']),
  /** The model answers, but not what it was asked for. */
  degradedModel: { ...underFault('degradedModel', ['soundness']), workload: null },
  /** Whatever is wrong with the model, when the caller is told so. */
  failures: { ...underFault(ANY_FAULT, ['contract', 'secrecy']), workload: null },
} satisfies OperationCatalogue;

/** A situation that one workload of the same name brings about. */
function underFault(fault: string, metrics: MetricName[]) {
  return {
    workload: fault,
    spans: true,
    fault,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, FAULT_NEEDS])),
  } satisfies OperationCatalogue[string];
}

/** What can be asked of SalesTalk. `foreignSession` continues a conversation of another tenant, or tries to. */
export type SentOperation = 'classify' | 'chat' | 'narrative' | 'foreignSession';

/** Those that a load may be made of. */
export const LOAD_OPERATIONS = ['classify', 'chat', 'narrative'] as const satisfies SentOperation[];
