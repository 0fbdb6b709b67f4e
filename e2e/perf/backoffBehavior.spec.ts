import { expect, judges, test } from '../fixtures.ts';

test.describe('Backoff behavior', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['a call that the model failed is made again', 'brokenModel.retried'],
    ['but not for ever', 'brokenModel.attempts'],
    ['nor in a storm, when many users ask at once', 'brokenModel.attemptRate'],
    ['each wait is longer than the one before', 'brokenModel.gapGrowth.p50'],
    ['and users do not come back in step', 'brokenModel.jitter.p50'],
    ['all attempts together end in time', 'brokenModel.refusal'],
    ['a model that is well at the third attempt is no failure', 'recoveringModel.answered'],
    ['what the model refuses is not asked again', 'rejectingModel.attempts'],
    ['nor is a narrative of which part has been shown', 'cutNarrative.attempts'],
    ['a throttled call is made again', 'throttlingModel.answered'],
    ['no sooner than Retry-After says', 'throttlingModel.retryAfter'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }

  test('answers are back soon after the model is: outage.recovery', {
    annotation: judges('outage.recovery'),
  }, async ({ outage }) => {
    await expect(outage).toMeetBudget('outage.recovery');
  });
});
