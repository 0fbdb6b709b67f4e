import { expect, objectives, test } from '../fixtures.ts';

// Playwright runs files in the order of their names: this one comes last, since the requests of all others count too, and only what is missing is sent.
test.describe('Whole run', { tag: '@performance' }, () => {
  test('Requests of several tenants are answered: api.availability', {
    annotation: objectives('api.availability'),
  }, async ({ availability }) => {
    await expect(availability).toMeetBudget('api.availability');
  });
});
