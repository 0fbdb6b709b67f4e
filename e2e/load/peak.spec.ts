import { expect, objectives, test } from '../fixtures.ts';

test.describe('The busiest time of a day', { tag: '@performance' }, () => {
  const id = 'peak.latency.p95';
  test(`Answers come in time at the busiest time of a day: ${id}`, {
    annotation: objectives(id),
  }, async ({ peak }) => {
    await expect(peak).toMeetBudget(id);
  });
});
