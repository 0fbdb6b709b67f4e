import { expect, objectives, test } from '../fixtures.ts';

test.describe('Degraded answers', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['Nonsense from the model never reaches the user', 'degradedModel.soundness'],
    ['Every failure has the form that the API contract states', 'failures.contract'],
    ['No failure reveals internals, secrets or what the model said', 'failures.secrecy'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
