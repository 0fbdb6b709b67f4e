import { expect, objectives, test } from '../fixtures.ts';

test.describe('Five tenants at once', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['Five tenants at once are answered in time', 'fiveTenants.latency.p95'],
    ['Every answer belongs to the tenant that asked', 'fiveTenants.isolation'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ fiveTenants }) => {
      await expect(fiveTenants).toMeetBudget(id);
    });
  }
});
