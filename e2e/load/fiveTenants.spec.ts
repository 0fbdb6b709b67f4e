import { expect, objective, testWith } from '../fixtures.ts';
import { loadOfBudget } from '../measurements.ts';

const test = testWith({ fiveTenants: loadOfBudget('fiveTenants') });

test.describe('Five tenants at once', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['Five tenants at once are answered in time', 'fiveTenants.latency.p95'],
    [
      'With five tenants at once, every answer belongs to the tenant that asked',
      'fiveTenants.isolation',
    ],
  ] as const) {
    test(title, objective(id), async ({ fiveTenants }) => {
      await expect(fiveTenants).toMeetBudget(id);
    });
  }
});
