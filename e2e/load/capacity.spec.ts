import { expect, objectives, test } from '../fixtures.ts';

test.describe('Capacity', { tag: '@performance' }, () => {
  const id = 'capacity.rate';
  test(`SalesTalk keeps up a high enough rate: ${id}`, { annotation: objectives(id) }, async ({
    capacity,
  }) => {
    await expect(capacity).toMeetBudget(id);
  });
});
