import { expect, objective, testWith } from '../fixtures.ts';
import { requestsOfTenants } from '../measurements.ts';

// As many requests as the sample budgets need, all of them sent. A foreign session is a try to continue the conversation of another tenant.
// Objectives and sample budgets stand in `budgets/` under the ids below.
const test = testWith({
  tenantsAtOnce: requestsOfTenants({
    // First as many as in the test plan, then four times as many.
    tenants: [5, 20],
    busiestShare: 0.6,
    shares: { classify: 1 / 2, chat: 1 / 2 },
    foreignSessions: 60,
    ratePerSecond: 200,
    warmUpEach: 5,
    model: { latency: { distribution: 'constant', ms: 20 } },
  }),
});

test.describe('Load behavior', { tag: '@performance' }, () => {
  for (const [title, id] of [
    [
      'Every answer belongs to the tenant that asked, with five and then twenty tenants at once',
      'tenants.isolation',
    ],
    ['A busy tenant does not slow down the others', 'quietTenants.fairness.p95'],
  ] as const) {
    test(title, objective(id), async ({ tenantsAtOnce }) => {
      await expect(tenantsAtOnce).toMeetBudget(id);
    });
  }
});
