import { expect, objectives, test } from '../fixtures.ts';

test.describe('Sustained load', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['Answers come in time, counted from when each request was due', 'sustained.latency.p95'],
    ['SalesTalk adds little time of its own to that of the model', 'sustained.ownTime.p95'],
    ['Requests are answered under sustained load', 'sustained.availability'],
    ['SalesTalk is never silent for long', 'sustained.stall'],
    ['Every answer belongs to the tenant that asked', 'sustained.isolation'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ sustained }) => {
      await expect(sustained).toMeetBudget(id);
    });
  }
});
