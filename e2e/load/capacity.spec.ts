import { expect, judges, test } from '../fixtures.ts';

test.describe('Capacity', { tag: '@performance' }, () => {
  const id = 'capacity.rate';
  test(`the highest rate that is kept up: ${id}`, { annotation: judges(id) }, async ({
    capacity,
  }) => {
    await expect(capacity).toMeetBudget(id);
  });
});
