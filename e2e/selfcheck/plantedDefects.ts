/** A fault that the embedded SalesTalk can be started with, and the verdicts that it must turn red: these, and no others. */
export type PlantedDefect = {
  name: string;
  what: string;
  turnsRed: string[];
  /** Which workloads it is looked for with. */
  by: 'baseline' | 'availability' | 'misbehavingModel' | 'tenants' | 'outage';
  /** Arguments that plant it, where it is no defect of its own. */
  args?: string[];
  /** Is the page asked too? */
  pages?: boolean;
  /** Does so much that nothing can be measured beside it? */
  loud?: boolean;
  /** Another defect shows the same verdict to be alive: left out of `npm test`. */
  another?: boolean;
};

const OF_LATENCY: PlantedDefect[] = [
  {
    name: 'slow-median',
    what: 'every answer 1.1 s late',
    turnsRed: [
      'classify.latency.p50',
      'classify.ownTime.p50',
      'classify.ownTime.p95',
      'chat.latency.p50',
      'chat.ownTime.p50',
      'chat.ownTime.p95',
    ],
    by: 'baseline',
  },
  {
    name: 'slow-quarter',
    what: 'a quarter of the answers 2.5 s late',
    turnsRed: [
      'classify.latency.p95',
      'classify.ownTime.p95',
      'chat.latency.p95',
      'chat.ownTime.p95',
    ],
    by: 'baseline',
  },
  {
    name: 'halved-latency',
    what: 'latencyMs says half of what it took',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    by: 'baseline',
  },
  {
    name: 'no-metadata',
    what: 'answers come without metadata',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    by: 'baseline',
    another: true,
  },
  {
    name: 'two-percent-errors',
    what: 'one request in fifty fails with 500',
    turnsRed: ['api.availability'],
    by: 'availability',
  },
];

const OF_TIMEOUTS: PlantedDefect[] = [
  {
    name: 'no-timeout',
    what: 'waits for the model as long as the HTTP client does',
    turnsRed: ['hungModel.timeout', 'hungModel.refusal', 'hungPage.page'],
    by: 'misbehavingModel',
    pages: true,
  },
  {
    name: 'long-timeout',
    what: 'gives each attempt a minute',
    turnsRed: ['hungModel.timeout', 'hungModel.refusal'],
    by: 'misbehavingModel',
    another: true,
  },
  {
    name: 'short-timeout',
    what: 'gives up a model that takes 5 s',
    turnsRed: ['slowModel.answered'],
    by: 'misbehavingModel',
    args: ['--ai-timeout-ms', '2000'],
  },
  {
    name: 'unreleased-call',
    what: 'answers its caller, and leaves the call of the model open',
    // The time-out is seen by the call that it ends.
    turnsRed: ['hungModel.timeout', 'hungModel.released'],
    by: 'misbehavingModel',
  },
  {
    name: 'abandoned-work',
    what: 'goes on when the caller has left',
    turnsRed: ['callerLeaves.workStops'],
    by: 'misbehavingModel',
  },
];

const OF_RETRIES: PlantedDefect[] = [
  {
    name: 'no-retry',
    what: 'one attempt at each call of the model',
    turnsRed: ['brokenModel.retried', 'recoveringModel.answered', 'throttlingModel.answered'],
    by: 'misbehavingModel',
  },
  {
    name: 'constant-gap',
    what: 'every wait as short as the first',
    turnsRed: ['brokenModel.gapGrowth.p50'],
    by: 'misbehavingModel',
  },
  {
    name: 'no-jitter',
    what: 'waits exactly 100, 200, 400, 800 ms',
    turnsRed: ['brokenModel.jitter.p50'],
    by: 'misbehavingModel',
  },
  {
    name: 'retry-after-ignored',
    what: 'comes back sooner than Retry-After says',
    turnsRed: ['throttlingModel.retryAfter'],
    by: 'misbehavingModel',
  },
  {
    name: 'retry-storm',
    what: 'fifty attempts without a pause',
    turnsRed: [
      'brokenModel.attempts',
      'brokenModel.attemptRate',
      'brokenModel.gapGrowth.p50',
      'brokenModel.jitter.p50',
    ],
    by: 'misbehavingModel',
    loud: true,
  },
  {
    name: 'retries-validation-error',
    what: 'repeats what the model has refused',
    turnsRed: ['rejectingModel.attempts'],
    by: 'misbehavingModel',
  },
  {
    name: 'repeated-narrative',
    what: 'has a narrative written again of which part was shown',
    turnsRed: ['cutNarrative.attempts'],
    by: 'misbehavingModel',
  },
  {
    name: 'slow-recovery',
    what: 'leaves the model alone for 10 s after a failure',
    turnsRed: ['outage.recovery'],
    by: 'outage',
  },
];

const OF_ANSWERS: PlantedDefect[] = [
  {
    name: 'cross-tenant',
    what: "one answer in 500 holds another tenant's figures",
    turnsRed: ['tenants.isolation'],
    by: 'tenants',
  },
  {
    name: 'shared-session',
    what: 'a session belongs to whoever knows its id',
    turnsRed: ['tenants.isolation'],
    by: 'tenants',
    another: true,
  },
  {
    name: 'starved-tenants',
    what: 'a busy tenant makes all others wait',
    turnsRed: ['quietTenants.fairness.p95'],
    by: 'tenants',
  },
  {
    name: 'malformed-passed-on',
    what: 'passes on what the model got wrong',
    turnsRed: ['degradedModel.soundness', 'failures.contract'],
    by: 'misbehavingModel',
  },
  {
    name: 'leaky-error',
    what: "tells callers the model's address and their token",
    turnsRed: ['failures.secrecy'],
    by: 'misbehavingModel',
  },
  {
    name: 'bare-error',
    what: 'reports failures of the model as 500, in plain text',
    turnsRed: ['failures.contract', 'degradedModel.soundness'],
    by: 'misbehavingModel',
  },
];

export const PLANTED_DEFECTS: PlantedDefect[] = [
  ...OF_LATENCY,
  ...OF_TIMEOUTS,
  ...OF_RETRIES,
  ...OF_ANSWERS,
];
