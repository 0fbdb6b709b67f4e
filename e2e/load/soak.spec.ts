import { expect, judges, test } from '../fixtures.ts';

test.describe('Soak', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['answers come in time', 'soak.latency.p95'],
    ['and take no longer as time goes by', 'soak.latencyGrowth'],
    ['requests are answered', 'soak.availability'],
    ['it never goes silent', 'soak.stall'],
    ['none leaves memory behind', 'soak.memory.growth'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ soak }) => {
      await expect(soak).toMeetBudget(id);
    });
  }
});
