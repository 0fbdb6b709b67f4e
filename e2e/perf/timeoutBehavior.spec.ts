import { expect, objective, testWith } from '../fixtures.ts';
import { misbehavingModel } from '../measurements.ts';
import { SITUATIONS } from '../workloads/api/situations.ts';

// `SITUATIONS` says what the model does, who asks meanwhile, and how often. Each gets as many requests as its largest sample budget needs.
// Objectives and sample budgets stand in `budgets/` under the ids below.
const test = testWith({ misbehavingModel: misbehavingModel(SITUATIONS) });

test.describe('Timeout behavior', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['SalesTalk waits for a model that takes 5 s', 'slowModel.answered'],
    ['An answer from a model that takes 5 s comes soon after it', 'slowModel.latency.p50'],
    ['SalesTalk stops waiting for a model that hangs', 'hungModel.timeout'],
    ['The caller learns in time that the model hangs', 'hungModel.refusal'],
    ['No connection to a model that hangs stays open', 'hungModel.released'],
    ['The page tells its user that the model hangs', 'hungPage.page'],
    ['When the caller leaves, the work for it stops', 'callerLeaves.workStops'],
  ] as const) {
    test(title, objective(id), async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
