import { expect, objective, testWith } from '../fixtures.ts';
import { misbehavingModel } from '../measurements.ts';
import { SITUATIONS } from '../workloads/api/situations.ts';

const test = testWith({ misbehavingModel: misbehavingModel(SITUATIONS) });

test.describe('Degraded answers', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['Nonsense from the model never reaches the user', 'degradedModel.soundness'],
    ['Every failure has the form that the API contract states', 'failures.contract'],
    ['No failure reveals internals, secrets or what the model said', 'failures.secrecy'],
  ] as const) {
    test(title, objective(id), async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
