import { expect, objective, testWith } from '../fixtures.ts';
import { loadOfBudget } from '../measurements.ts';

const test = testWith({ peak: loadOfBudget('peak') });

test.describe('The busiest time of a day', { tag: '@performance' }, () => {
  test(
    'Answers come in time at the busiest time of a day',
    objective('peak.latency.p95'),
    async ({ peak }) => {
      await expect(peak).toMeetBudget('peak.latency.p95');
    },
  );
});
