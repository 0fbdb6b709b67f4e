import { expect, judges, test } from '../fixtures.ts';

test.describe('Five tenants at once', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['their answers come in time', 'fiveTenants.latency.p95'],
    ['and every one is theirs', 'fiveTenants.isolation'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ fiveTenants }) => {
      await expect(fiveTenants).toMeetBudget(id);
    });
  }
});
