import { expect, objective, testWith } from '../fixtures.ts';
import { loadOfBudget } from '../measurements.ts';

const test = testWith({ soak: loadOfBudget('soak') });

test.describe('Soak', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['Answers come in time over the whole soak', 'soak.latency.p95'],
    ['Latency does not grow with the number of requests over the whole soak', 'soak.latencyGrowth'],
    ['Requests are answered over the whole soak', 'soak.availability'],
    ['SalesTalk is never silent for long over the whole soak', 'soak.stall'],
    ['Requests leave no memory behind over the whole soak', 'soak.memory.growth'],
  ] as const) {
    test(title, objective(id), async ({ soak }) => {
      await expect(soak).toMeetBudget(id);
    });
  }
});
