import { expect, objective, testWith } from '../fixtures.ts';
import { loadOfBudget } from '../measurements.ts';

const test = testWith({ capacity: loadOfBudget('capacity') });

test.describe('Capacity', { tag: '@performance' }, () => {
  test(
    'SalesTalk keeps up a high enough rate of requests',
    objective('capacity.rate'),
    async ({ capacity }) => {
      await expect(capacity).toMeetBudget('capacity.rate');
    },
  );
});
