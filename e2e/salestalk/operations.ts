import {
  ANY_FAULT,
  type Need,
  type OperationCatalogue,
} from '../core/budget/operationCatalogue.ts';
import { METRICS, type MetricName } from '../metrics/metrics.ts';
import { REGRESSION_METRICS } from '../metrics/regression.ts';

/** Names only metrics that exist. */
type SalesTalkOperation = OperationCatalogue['operations'][string] & {
  metrics: Partial<Record<MetricName, Need[]>>;
  gaps?: Partial<Record<MetricName, string>>;
};

const FAULT_NEEDS: Need[] = ['api', 'mockedAi', 'faults'];
/** Dozens of questions: with a real model they would cost money. */
const PAGE_NEEDS: Need[] = ['ui', 'mockedAi'];

/** Thousands of requests, with the metrics of the process. */
const MEMORY_NEEDS: Need[] = ['api', 'mockedAi', 'load', 'serverMetrics'];

const LOAD_NEEDS: Need[] = ['api', 'load'];
const LOAD_MEMORY_NEEDS: Need[] = [...LOAD_NEEDS, 'serverMetrics'];

/** Of an answer that comes in one piece. */
const WHOLE_ANSWER = {
  latency: ['api'],
  ownTime: ['api', 'mockedAi'],
  metadata: ['api'],
  modelCalls: ['api', 'mockedAi'],
} satisfies Record<string, Need[]>;

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

const OPERATIONS = {
  classify: { workload: 'latencyBaseline', sent: true, metrics: WHOLE_ANSWER },
  chat: { workload: 'latencyBaseline', sent: true, metrics: WHOLE_ANSWER },
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
  /** The harness's own tests, over the runs of a history. */
  suite: { workload: 'earlierRuns', metrics: { flakeRate: [] } },
  /** Every answer belongs to the tenant who asked. */
  tenants: {
    workload: null,
    spans: true,
    metrics: { isolation: ['api', 'load'] },
  },
  /** The other tenants when one of five, then of twenty, asks more than all others together. */
  quietTenants: {
    workload: 'tenants',
    spans: true,
    metrics: { fairness: ['api', 'load'] },
  },

  /** Five tenants at once, as the test plan has it. */
  fiveTenants: loadOperation('fiveTenants', ['latency', 'availability', 'isolation']),
  /** The rate that SalesTalk must sustain. */
  sustained: loadOperation('sustained', [
    'latency',
    'serviceTime',
    'ownTime',
    'availability',
    'isolation',
    'stall',
  ]),
  /** The busiest time of the day that the product plans for. */
  peak: loadOperation('peak', ['latency', 'availability', 'isolation']),
  /** A long load, to see what grows. */
  soak: loadOperation('soak', ['latency', 'latencyGrowth', 'availability', 'isolation', 'stall']),
  'soak.memory': {
    workload: 'soak',
    load: 'steady',
    metrics: { growth: LOAD_MEMORY_NEEDS, footprint: LOAD_MEMORY_NEEDS },
  },
  /** The highest sustained rate. */
  capacity: { workload: 'capacity', spans: true, load: 'search', metrics: { rate: LOAD_NEEDS } },

  /** A question asked on the page, from the click to the painted answer. */
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
  /** The page opened with an empty cache, and then once more. */
  page: {
    workload: 'pageVisits',
    metrics: { weight: ['ui'], requests: ['ui'], caching: ['ui'] },
  },
  /** The page's heap, question after question. */
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
  /** From the start of SalesTalk's process to its first answer. */
  coldStart: { workload: 'coldStarts', metrics: { latency: ['embedded'] } },

  /** A person who comes to the page for the first time, signs in and asks, on a desktop. */
  desktop: { workload: 'desktopVisits', metrics: FIRST_VISIT },
  /** The same on a mid-range phone on a slow network. */
  phone: { workload: 'phoneVisits', metrics: FIRST_VISIT },
  /** A returning visitor. */
  desktopRepeat: { workload: 'desktopRepeatVisits', metrics: REPEAT_VISIT },
  phoneRepeat: { workload: 'phoneRepeatVisits', metrics: REPEAT_VISIT },

  /** Lighthouse's audit of a first visit on a desktop. */
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

  /** Lighthouse's audit of a phone's first visit and of the question that follows. */
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
  slowModel: faultOperation('slowModel', ['answered', 'latency']),
  /** The model accepts a call and never answers it. */
  hungModel: {
    ...faultOperation('hungModel', ['timeout', 'refusal', 'released']),
    gaps: { timeout: 'client-timeout', refusal: 'client-timeout' },
  },
  /** The same, asked from the page. */
  hungPage: {
    ...faultOperation('hungPage', []),
    metrics: { page: [...FAULT_NEEDS, 'ui'] },
    gaps: { page: 'client-timeout' },
  },
  /** The caller disconnects while the model works. */
  callerLeaves: faultOperation('callerLeaves', ['workStops']),
  /** The model always fails, and many users ask at once. */
  brokenModel: {
    ...faultOperation('brokenModel', [
      'retried',
      'attempts',
      'attemptRate',
      'gapGrowth',
      'jitter',
      'refusal',
    ]),
    gaps: { retried: 'retry-backoff', gapGrowth: 'retry-backoff', jitter: 'retry-backoff' },
  },
  /** The model fails at first and answers the third attempt. */
  recoveringModel: {
    ...faultOperation('recoveringModel', ['answered']),
    gaps: { answered: 'retry-backoff' },
  },
  /** The model rejects the request. */
  rejectingModel: faultOperation('rejectingModel', ['attempts']),
  /** The narrative breaks off after part of it has been shown. */
  cutNarrative: {
    ...faultOperation('cutNarrative', []),
    metrics: { attempts: [...FAULT_NEEDS, 'streaming'] },
  },
  /** The model asks callers to wait for a second. */
  throttlingModel: {
    ...faultOperation('throttlingModel', ['answered', 'retryAfter']),
    gaps: { answered: 'rate-limit', retryAfter: 'rate-limit' },
  },
  /** The model is unreachable for a while. */
  outage: faultOperation('outage', ['recovery']),
  /** The model answers, but not what it was asked for. */
  degradedModel: { ...faultOperation('degradedModel', ['soundness']), workload: null },
  /** Every fault of the model that the caller sees as a failure. */
  failures: { ...faultOperation(ANY_FAULT, ['contract', 'secrecy']), workload: null },
} satisfies Record<string, SalesTalkOperation>;

/** SalesTalk's operations and their metrics. What a history shows of the medians of a run may be compared with a baseline. */
export const SALESTALK_CATALOGUE: OperationCatalogue = {
  metrics: METRICS,
  operations: Object.fromEntries(
    Object.entries<SalesTalkOperation>(OPERATIONS).map(([name, operation]) => [
      name,
      { ...operation, metrics: { ...operation.metrics, ...regressionsOf(operation) } },
    ]),
  ),
};

/** The regressions of an operation that is measured the same way in each run, which loads and faults of a budget need not be. */
function regressionsOf({ metrics, load, fault }: SalesTalkOperation): Record<string, Need[]> {
  if (load !== undefined || fault !== undefined) return {};
  return Object.fromEntries(
    Object.entries(REGRESSION_METRICS).flatMap(([name, { compares }]) => {
      const needs = metrics[compares];
      return needs === undefined ? [] : [[name, needs]];
    }),
  );
}

/** A situation of the model, measured by the workload of the same name. */
function faultOperation(fault: string, metrics: MetricName[]) {
  return {
    workload: fault,
    spans: true,
    fault,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, FAULT_NEEDS])),
  } satisfies SalesTalkOperation;
}

/** A load that the budget describes under the same name. */
function loadOperation(load: string, metrics: MetricName[]) {
  const needsOf = (metric: MetricName): Need[] =>
    METRICS[metric].needsModelCalls ? [...LOAD_NEEDS, 'mockedAi'] : LOAD_NEEDS;
  return {
    workload: load,
    spans: true,
    load: 'steady',
    metrics: Object.fromEntries(metrics.map((metric) => [metric, needsOf(metric)])),
  } satisfies SalesTalkOperation;
}

/** Questions that the harness sends. `foreignSession` tries to continue a conversation of another tenant. */
export type SentOperation = 'classify' | 'chat' | 'narrative' | 'foreignSession';

export const LOAD_OPERATIONS = ['classify', 'chat', 'narrative'] as const satisfies SentOperation[];

/** As many requests may be outstanding, each on its own: waiting for a connection would look like a slow answer. */
export const CONNECTIONS = 1024;
