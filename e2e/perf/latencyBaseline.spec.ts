import { expect, objective, testWith } from '../fixtures.ts';
import { LATENCY_BASELINE, MODEL } from './sharedOffers.ts';

// Objectives and sample budgets stand in `budgets/` under the ids below.
const test = testWith({ baseline: LATENCY_BASELINE });

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
