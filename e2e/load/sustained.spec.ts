import { expect, judges, test } from '../fixtures.ts';

test.describe('Sustained load', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['answers come in time, counted from when they were due', 'sustained.latency.p95'],
    ['SalesTalk adds little of its own', 'sustained.ownTime.p95'],
    ['requests are answered', 'sustained.availability'],
    ['it never goes silent', 'sustained.stall'],
    ['every answer is that of the tenant who asked', 'sustained.isolation'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ sustained }) => {
      await expect(sustained).toMeetBudget(id);
    });
  }
});
