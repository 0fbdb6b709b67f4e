import { expect, objective, testWith } from '../fixtures.ts';
import { requests } from '../measurements.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';

/** The model of the test plan: a whole answer takes 350 ms at the median and 500 ms at P95; a stream begins sooner. */
const MODEL: ModelBehaviour = {
  latency: { distribution: 'logNormal', medianMs: 350, p95Ms: 500 },
  stream: {
    firstChunk: { distribution: 'logNormal', medianMs: 250, p95Ms: 350 },
    betweenChunks: { distribution: 'logNormal', medianMs: 35, p95Ms: 60 },
  },
};

// Requests are sent until every objective below is clear: of each operation at most as many as its largest sample budget. Operations with
// equal budgets are mixed evenly: 2 of each a second. Objectives and sample budgets stand in `budgets/` under the ids below.
const test = testWith({
  baseline: requests({
    workload: 'latencyBaseline',
    operations: ['classify', 'chat', 'narrative'],
    // So low that requests do not queue: each makes one or two model calls, so about three are in flight at a time.
    ratePerSecond: 6,
    warmUpEach: 3,
    model: MODEL,
  }),
});

test.describe('Latency baseline', { tag: '@performance' }, () => {
  test.skip(({ run }) => !run.target.supports.api, 'not measured: target has no API');

  for (const operation of ['classify', 'chat'] as const) {
    test(`A single ${operation} request is answered; its latency is shown and not judged`, async ({
      single,
    }) => {
      const { failure } = await single(operation, MODEL);
      expect(failure).toBeNull();
    });
  }

  for (const [title, id] of [
    ['P50 of classify latency is below its objective', 'classify.latency.p50'],
    ['P95 of classify latency is below its objective', 'classify.latency.p95'],
    ['P50 of chat latency is below its objective', 'chat.latency.p50'],
    ['P95 of chat latency is below its objective', 'chat.latency.p95'],
    ['P50 of narrative latency is below its objective', 'narrative.latency.p50'],
    ['P95 of narrative latency is below its objective', 'narrative.latency.p95'],
    [
      'The latency that a classify answer reports is the measured one',
      'classify.metadata.accuracy',
    ],
    ['The latency that a chat answer reports is the measured one', 'chat.metadata.accuracy'],
    [
      'SalesTalk adds little time of its own to the median classify request',
      'classify.ownTime.p50',
    ],
    [
      'SalesTalk adds little time of its own to 95 % of the classify requests',
      'classify.ownTime.p95',
    ],
    ['SalesTalk adds little time of its own to the median chat request', 'chat.ownTime.p50'],
    ['SalesTalk adds little time of its own to 95 % of the chat requests', 'chat.ownTime.p95'],
    [
      'A classify request makes no more model calls than it needs',
      'classify.modelCalls.perRequest',
    ],
    ['A chat request makes no more model calls than it needs', 'chat.modelCalls.perRequest'],
  ] as const) {
    test(title, objective(id), async ({ baseline }) => {
      await expect(baseline).toMeetBudget(id);
    });
  }
});
