import type { Objective } from '../../core/budget/objective.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { CANARY } from '../../salestalk/answerChecks.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import type { Workload, WorkloadLimits } from './plan.ts';

/** A way in which the model misbehaves, and who asks meanwhile: callers of the API, or a page. */
export type Situation = ApiSituation | PageSituation;

type ApiSituation = {
  /** It is mostly waiting, for half a minute: all situations that wait are measured at the same time. */
  waits?: true;
  ask: readonly SentOperation[];
  /** Of all its requests together. */
  ratePerSecond: number;
  /** How the model behaves. By name if each way is a workload of its own, sent at the same time as the others. */
  model: ModelBehaviour[] | Record<string, ModelBehaviour>;
  /** The caller leaves after this long without a whole answer. Default: longer than the latest deadline. */
  patienceMs?: number;
  /** How long the model is observed after the last answer, to see which of its calls go on. */
  observeAfterMs?: number;
};

/** A few pages ask at once, and their users wait for a message. */
type PageSituation = { waits: true; ask: 'page'; model: ModelBehaviour[]; patienceMs: number };

export type Situations = Record<string, Situation>;

/** Longer than a call of the model may outlast its request: a call that goes on for too long must still be open. */
const OBSERVE_AFTER_MS = 3_500;

const failing = (status: number): ModelBehaviour => ({
  fault: { kind: 'status', status, body: JSON.stringify({ error: CANARY }) },
});

const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;

/**
 * All situations of a misbehaving model, by the name of their workload and fault. Those that wait are measured together, and the others
 * meanwhile, one after the other. An outage is not among them: it would take the model from all others.
 */
export const SITUATIONS = {
  hungModel: {
    waits: true,
    ask: ['classify', 'chat'],
    ratePerSecond: 20,
    model: [{ fault: { kind: 'hang' } }],
    observeAfterMs: OBSERVE_AFTER_MS,
  },
  hungPage: {
    waits: true,
    ask: 'page',
    model: [{ fault: { kind: 'hang' } }],
    // SalesTalk promises a failure sooner.
    patienceMs: 30_000,
  },
  slowModel: {
    waits: true,
    ask: ['classify'],
    ratePerSecond: 8,
    model: [{ latency: constant(5_000) }],
  },
  callerLeaves: {
    waits: true,
    ask: ['classify', 'chat'],
    ratePerSecond: 10,
    model: [{ latency: constant(5_000) }],
    patienceMs: 1_000,
    observeAfterMs: 4_500,
  },
  cutNarrative: {
    waits: true,
    ask: ['narrative'],
    ratePerSecond: 10,
    model: [
      { match: { kind: 'narrative' }, fault: { kind: 'reset', when: 'middle' } },
      { stream: { firstChunk: constant(20), betweenChunks: constant(10) } },
    ],
    observeAfterMs: OBSERVE_AFTER_MS,
  },
  rejectingModel: { ask: ['classify'], ratePerSecond: 10, model: [failing(400)] },
  degradedModel: {
    ask: ['classify', 'chat'],
    ratePerSecond: 35,
    model: {
      malformed: { answer: { kind: 'malformedJson' } },
      fenced: { answer: { kind: 'fencedJson' } },
      wrongSchema: { answer: { kind: 'wrongSchema' } },
      confidence: { answer: { kind: 'confidenceOutOfRange' } },
      empty: { answer: { kind: 'empty' } },
      huge: { answer: { kind: 'huge', sizeBytes: 300_000 } },
      truncated: { fault: { kind: 'truncate' } },
    },
  },
  throttlingModel: {
    ask: ['classify'],
    ratePerSecond: 10,
    // Every second answer gives a date instead of seconds.
    model: [
      {
        match: { attempts: { first: 1 }, calls: { every: 2 } },
        fault: { kind: 'rateLimit', retryAfter: { date: { inSeconds: 1 } } },
      },
      {
        match: { attempts: { first: 1 } },
        fault: { kind: 'rateLimit', retryAfter: { seconds: 1 } },
      },
    ],
  },
  recoveringModel: {
    ask: ['classify', 'chat'],
    ratePerSecond: 10,
    model: [
      { match: { attempts: { first: 1 } }, fault: { kind: 'reset', when: 'before' } },
      { match: { attempts: { first: 2 } }, ...failing(500) },
    ],
  },
  // At a high rate, as users retry when something is wrong.
  brokenModel: {
    ask: ['classify'],
    ratePerSecond: 40,
    model: [failing(503)],
    observeAfterMs: 1_500,
  },
} satisfies Situations;

/** The workloads of a situation, as large as its objectives need. None if it has no objective, or if a page asks. */
export function situationWorkloads(
  name: string,
  situation: Situation,
  { objectives, maxPerSecond }: WorkloadLimits,
): Workload[] {
  const mine = objectives.filter(({ fault }) => fault === name);
  if (mine.length === 0 || situation.ask === 'page') return [];
  const { waits: _, ask, ratePerSecond, model, ...observation } = situation;
  const total = Math.max(...mine.map(countRequestsNeeded));
  const common = { fault: name, warmUpEach: 0 };
  if (Array.isArray(model)) {
    return [
      {
        ...common,
        name,
        endsWhenClear: ({ workload }) => workload === name,
        requests: spreadEvenly(total, ask),
        ratePerSecond: Math.min(ratePerSecond, maxPerSecond),
        model,
        patienceMs: choosePatienceMs(mine),
        ...observation,
      },
    ];
  }
  const ways = Object.entries(model);
  const each = Math.ceil(total / ways.length / ask.length);
  return ways.map(([way, behaviour]) => ({
    ...common,
    name: `${name}-${way}`,
    // All ways are judged together, so none may end because of its own events.
    endsWhenClear: () => false,
    requests: spreadEvenly(each * ask.length, ask),
    ratePerSecond: Math.min(ratePerSecond, maxPerSecond) / ways.length,
    model: [behaviour],
  }));
}

function spreadEvenly(total: number, operations: readonly SentOperation[]): Workload['requests'] {
  return Object.fromEntries(
    operations.map((operation, at) => [operation, Math.ceil((total - at) / operations.length)]),
  );
}

/** How many requests an objective needs at most: one event of jitter takes two. */
export function countRequestsNeeded({ metric, sampleBudget }: Objective): number {
  return sampleBudget * (metric.requestsPerEvent ?? 1);
}

/** Added to a deadline, so that a late answer is seen to be late and not merely missing. */
const AFTER_DEADLINE_MS = 2_000;
/** Longer than the time-outs of gateways, which no objective states. */
const SHORTEST_PATIENCE_MS = 30_000;

/** How long a caller waits for an answer: longer than the latest deadline. */
export function choosePatienceMs(objectives: readonly Objective[]): number {
  const deadlines = objectives.filter(({ unit }) => unit === 'ms');
  return Math.max(
    SHORTEST_PATIENCE_MS,
    ...deadlines.map(({ objective }) => objective + AFTER_DEADLINE_MS),
  );
}
