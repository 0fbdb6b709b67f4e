import { expect, objective, testWith } from '../fixtures.ts';
import { misbehavingModel, outage } from '../measurements.ts';
import { SITUATIONS } from '../workloads/api/situations.ts';

// `SITUATIONS` says what the model does, who asks meanwhile, and how often. Each gets as many requests as its largest sample budget needs.
// Objectives and sample budgets stand in `budgets/` under the ids below.
const test = testWith({
  misbehavingModel: misbehavingModel(SITUATIONS),
  // After the outage, requests are sent until its objective is clear: at most as many as its sample budget says.
  outage: outage({
    operation: 'classify',
    ratePerSecond: 40,
    model: { latency: { distribution: 'constant', ms: 20 } },
    refusesConnections: { afterMs: 1_500, forMs: 1_500 },
  }),
});

test.describe('Backoff behavior', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['SalesTalk calls the model again after a failed call', 'brokenModel.retried'],
    ['SalesTalk gives up after a few attempts', 'brokenModel.attempts'],
    ['Retries of many users do not become a storm of calls', 'brokenModel.attemptRate'],
    ['Each wait before a retry is longer than the one before', 'brokenModel.gapGrowth.p50'],
    [
      'Waits of different requests differ, so that they do not retry in step',
      'brokenModel.jitter.p50',
    ],
    ['The caller learns in time that all attempts failed', 'brokenModel.refusal'],
    ['A model that works at the third attempt leads to an answer', 'recoveringModel.answered'],
    ['A request that the model rejects is not sent again', 'rejectingModel.attempts'],
    ['A narrative that the user has seen in part is not requested again', 'cutNarrative.attempts'],
    ['A throttled call is made again and leads to an answer', 'throttlingModel.answered'],
    [
      'A throttled call is not made again before Retry-After allows it',
      'throttlingModel.retryAfter',
    ],
  ] as const) {
    test(title, objective(id), async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }

  test(
    'SalesTalk answers again soon after the model is back',
    objective('outage.recovery'),
    async ({ outage }) => {
      await expect(outage).toMeetBudget('outage.recovery');
    },
  );
});
