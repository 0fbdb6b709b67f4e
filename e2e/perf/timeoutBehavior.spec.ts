import { expect, objectives, test } from '../fixtures.ts';

test.describe('Timeout behavior', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['SalesTalk waits for a model that takes 5 s', 'slowModel.answered'],
    ['An answer from a model that takes 5 s comes soon after it', 'slowModel.latency.p50'],
    ['SalesTalk stops waiting for a model that hangs', 'hungModel.timeout'],
    ['The caller learns in time that the model hangs', 'hungModel.refusal'],
    ['No connection to a model that hangs stays open', 'hungModel.released'],
    ['The page says that the model hangs', 'hungPage.page'],
    ['When the caller leaves, the work for it stops', 'callerLeaves.workStops'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
