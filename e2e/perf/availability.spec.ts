import { expect, judges, test } from '../fixtures/index.ts';

test.describe('Availability', { tag: '@performance' }, () => {
  test('requests of several tenants are answered: api.availability', {
    annotation: judges('api.availability'),
  }, async ({ availability }) => {
    await expect(availability).toMeetBudget('api.availability');
  });
});
