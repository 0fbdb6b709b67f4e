import { expect, judges, test } from '../fixtures.ts';

test.describe('Timeout behavior', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['a model that takes 5 s is waited for', 'slowModel.answered'],
    ['how long that takes', 'slowModel.latency.p50'],
    ['a model that hangs is given up', 'hungModel.timeout'],
    ['the caller is told so in time', 'hungModel.refusal'],
    ['no connection to it is left open', 'hungModel.released'],
    ['the page says so', 'hungPage.page'],
    ['a caller that goes away stops the work behind it', 'callerLeaves.workStops'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ misbehavingModel }) => {
      await expect(misbehavingModel).toMeetBudget(id);
    });
  }
});
