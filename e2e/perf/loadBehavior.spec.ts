import { expect, objectives, test } from '../fixtures.ts';

test.describe('Load behavior', { tag: '@performance' }, () => {
  for (const [what, id] of [
    [
      'Every answer belongs to the tenant that asked, with five and then twenty tenants at once',
      'tenants.isolation',
    ],
    ['A busy tenant does not slow down the others', 'quietTenants.fairness.p95'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ tenantsAtOnce }) => {
      await expect(tenantsAtOnce).toMeetBudget(id);
    });
  }
});
