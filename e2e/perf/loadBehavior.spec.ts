import { expect, judges, test } from '../fixtures.ts';

test.describe('Load behavior', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['five tenants at once, then twenty: every answer is theirs', 'tenants.isolation'],
    ['a busy tenant starves no other', 'quietTenants.fairness.p95'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ tenantsAtOnce }) => {
      await expect(tenantsAtOnce).toMeetBudget(id);
    });
  }
});
