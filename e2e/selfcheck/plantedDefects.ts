import type { Suite } from './suites.ts';

/** A fault that the embedded SalesTalk can be started with. It must turn these verdicts red, and no others. */
export type PlantedDefect = {
  name: string;
  what: string;
  turnsRed: string[];
  suite: Suite;
  /** Arguments that plant it, if not `--defect` and its name. */
  args?: string[];
  /** Operations whose objectives show it under a misbehaving model. Default: those of `turnsRed`. */
  situations?: string[];
  includesPage?: boolean;
  /** Disturbs what runs beside it, so it is measured alone. */
  exclusive?: boolean;
  /** Takes a minute or more, or another defect turns the same verdict red: left out of `npm run test:all`. */
  fullRunOnly?: boolean;
};

/** All defects by what shows them, in the order in which they are measured. To add one, add an entry. */
const DEFECTS: Partial<Record<Suite, Omit<PlantedDefect, 'suite'>[]>> = {
  baseline: [
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
    },
    {
      name: 'halved-latency',
      what: 'latencyMs says half of what it took',
      turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    },
    {
      name: 'no-metadata',
      what: 'answers come without metadata',
      turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
      fullRunOnly: true,
    },
  ],
  availability: [
    {
      name: 'two-percent-errors',
      what: 'one request in fifty fails with 500',
      turnsRed: ['api.availability'],
    },
  ],
  misbehavingModel: [
    {
      name: 'no-timeout',
      what: 'waits for the model as long as the HTTP client does',
      turnsRed: ['hungModel.timeout', 'hungModel.refusal', 'hungPage.page'],
      includesPage: true,
    },
    {
      name: 'long-timeout',
      what: 'gives each attempt a minute',
      turnsRed: ['hungModel.timeout', 'hungModel.refusal'],
      fullRunOnly: true,
    },
    {
      name: 'short-timeout',
      what: 'gives up a model that takes 5 s',
      turnsRed: ['slowModel.answered'],
      args: ['--ai-timeout-ms', '2000'],
    },
    {
      name: 'unreleased-call',
      what: 'answers its caller, and leaves the call of the model open',
      // The end of the call is what shows the time-out.
      turnsRed: ['hungModel.timeout', 'hungModel.released'],
    },
    {
      name: 'abandoned-work',
      what: 'goes on when the caller has left',
      turnsRed: ['callerLeaves.workStops'],
    },
    {
      name: 'no-retry',
      what: 'one attempt at each call of the model',
      turnsRed: ['brokenModel.retried', 'recoveringModel.answered', 'throttlingModel.answered'],
    },
    {
      name: 'constant-gap',
      what: 'every wait as short as the first',
      turnsRed: ['brokenModel.gapGrowth.p50'],
    },
    {
      name: 'no-jitter',
      what: 'waits exactly 100, 200, 400, 800 ms',
      turnsRed: ['brokenModel.jitter.p50'],
    },
    {
      name: 'retry-after-ignored',
      what: 'comes back sooner than Retry-After says',
      turnsRed: ['throttlingModel.retryAfter'],
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
      exclusive: true,
    },
    {
      name: 'retries-validation-error',
      what: 'repeats what the model has refused',
      turnsRed: ['rejectingModel.attempts'],
    },
    {
      name: 'repeated-narrative',
      what: 'has a narrative written again of which part was shown',
      turnsRed: ['cutNarrative.attempts'],
    },
    {
      name: 'malformed-passed-on',
      what: 'passes on what the model got wrong',
      turnsRed: ['degradedModel.soundness', 'failures.contract'],
    },
    {
      name: 'leaky-error',
      what: "tells callers the model's address and their token",
      turnsRed: ['failures.secrecy'],
      situations: ['rejectingModel', 'failures'],
    },
    {
      name: 'bare-error',
      what: 'reports failures of the model as 500, in plain text',
      turnsRed: ['failures.contract', 'degradedModel.soundness'],
    },
  ],
  outage: [
    {
      name: 'slow-recovery',
      what: 'leaves the model alone for 10 s after a failure',
      turnsRed: ['outage.recovery'],
    },
  ],
  tenants: [
    {
      name: 'cross-tenant',
      what: "one answer in 500 holds another tenant's figures",
      turnsRed: ['tenants.isolation'],
    },
    {
      name: 'shared-session',
      what: 'a session belongs to any caller who knows its id',
      turnsRed: ['tenants.isolation'],
      fullRunOnly: true,
    },
    {
      name: 'starved-tenants',
      what: 'a busy tenant makes all others wait',
      turnsRed: ['quietTenants.fairness.p95'],
    },
  ],
  pageHeap: [
    {
      name: 'leak-1kb',
      what: 'keeps 1 KB of each answer in an array',
      turnsRed: ['page.heap.growth'],
      fullRunOnly: true,
    },
    {
      name: 'leak-10kb',
      what: 'keeps 10 KB of each answer in an array',
      turnsRed: ['page.heap.growth'],
    },
    {
      name: 'leak-100kb',
      what: 'keeps 100 KB of each answer in an array',
      turnsRed: ['page.heap.growth'],
      fullRunOnly: true,
    },
    {
      name: 'leak-detached',
      what: 'holds on to parts that it took off the page',
      // Nodes are held by the browser's own heap.
      turnsRed: ['page.dom.nodeGrowth'],
    },
    {
      name: 'leak-listeners',
      what: 'adds listeners and takes none off',
      turnsRed: ['page.dom.listenerGrowth'],
    },
    {
      name: 'leak-timers',
      what: 'starts timers that never end',
      turnsRed: ['page.heap.growth'],
      fullRunOnly: true,
    },
    {
      name: 'leak-history',
      what: 'keeps every answer for ever',
      turnsRed: ['page.heap.growth'],
      fullRunOnly: true,
    },
  ],
  apiMemory: [
    {
      name: 'api-leak',
      what: 'the process keeps 5 KB of each request',
      turnsRed: ['api.memory.growth'],
    },
  ],
  pageAnswers: [
    {
      name: 'long-task',
      what: 'blocks the page when a question is sent',
      turnsRed: ['answer.blocking.p95'],
      fullRunOnly: true,
    },
    {
      name: 'batched-chunks',
      what: 'holds the answer back to its end',
      turnsRed: ['answer.streaming'],
    },
    {
      name: 'request-per-chunk',
      what: 'one more request for each piece of the answer',
      turnsRed: ['answer.requests'],
    },
    {
      name: 'cold-connections',
      what: 'closes the connection after each answer',
      turnsRed: ['answer.connection'],
      fullRunOnly: true,
    },
  ],
  pageVisits: [
    {
      name: 'oversized-script',
      what: 'loads a script that is far too large',
      turnsRed: ['page.weight'],
    },
    {
      name: 'uncached-assets',
      what: 'has every file fetched again',
      turnsRed: ['page.caching'],
    },
  ],
  desktopVisits: [
    {
      name: 'layout-shift',
      what: 'the chart pushes the answer down when it arrives',
      turnsRed: ['desktop.cls.p75'],
      fullRunOnly: true,
    },
    {
      name: 'blocking-script',
      what: 'a slow script in the head holds up the first paint',
      turnsRed: ['desktop.fcp.p75', 'desktop.lcp.p75'],
      fullRunOnly: true,
    },
    {
      name: 'late-largest-element',
      what: 'the largest element is there late',
      turnsRed: ['desktop.lcp.p75'],
      fullRunOnly: true,
    },
  ],
  coldStarts: [
    {
      name: 'slow-start',
      what: 'takes long to start',
      turnsRed: ['coldStart.latency.p50'],
      fullRunOnly: true,
    },
  ],
  sustained: [
    {
      name: 'stall',
      what: 'answers nothing for 3 s every 20 s',
      turnsRed: ['sustained.stall'],
      fullRunOnly: true,
    },
    {
      name: 'four-connections',
      what: 'makes four calls of the model at a time and no more',
      // In the end more requests wait than are let through.
      turnsRed: ['sustained.latency.p95', 'sustained.ownTime.p95', 'sustained.availability'],
      fullRunOnly: true,
    },
  ],
  soak: [
    {
      name: 'slowing',
      what: 'takes longer with every request that it has had',
      turnsRed: ['soak.latencyGrowth'],
      fullRunOnly: true,
    },
    {
      name: 'api-leak-under-load',
      what: 'the process keeps 5 KB of each request, seen under load',
      args: ['--defect', 'api-leak'],
      turnsRed: ['soak.memory.growth'],
      fullRunOnly: true,
    },
  ],
  capacity: [
    {
      name: 'errors-above-80',
      what: 'fails what comes beyond 80 requests in a second',
      turnsRed: ['capacity.rate'],
    },
  ],
  fiveTenants: [
    {
      name: 'tenant-turns',
      what: 'serves one tenant at a time',
      turnsRed: ['fiveTenants.latency.p95'],
      fullRunOnly: true,
    },
  ],
};

export const PLANTED_DEFECTS = Object.entries(DEFECTS).flatMap(([suite, defects]) =>
  defects.map((defect): PlantedDefect => ({ ...defect, suite: suite as Suite })),
);
