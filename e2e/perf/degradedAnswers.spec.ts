import { expect, judges, test } from '../fixtures.ts';

test.describe('Degraded answers', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['nonsense of the model is never passed on', 'degradedModel.soundness'],
    ['a failure is told in the form of the contract', 'failures.contract'],
    ['and gives nothing away', 'failures.secrecy'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
