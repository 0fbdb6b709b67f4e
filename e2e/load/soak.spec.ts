import { expect, objectives, test } from '../fixtures.ts';

test.describe('Soak', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['Answers come in time over the whole soak', 'soak.latency.p95'],
    ['Latency does not grow with the number of requests', 'soak.latencyGrowth'],
    ['Requests are answered over the whole soak', 'soak.availability'],
    ['SalesTalk is never silent for long', 'soak.stall'],
    ['Requests leave no memory behind', 'soak.memory.growth'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ soak }) => {
      await expect(soak).toMeetBudget(id);
    });
  }
});
