import { expect, objective, testWith } from '../fixtures.ts';
import { misbehavingModel } from '../measurements.ts';
import { SITUATIONS } from '../workloads/api/situations.ts';

// `SITUATIONS` says what the model does, who asks meanwhile, and how often. Each gets as many requests as its largest sample budget needs.
// Objectives and sample budgets stand in `budgets/` under the ids below.
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
