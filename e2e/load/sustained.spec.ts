import { expect, objective, testWith } from '../fixtures.ts';
import { loadOfBudget } from '../measurements.ts';

const test = testWith({ sustained: loadOfBudget('sustained') });

test.describe('Sustained load', { tag: '@performance' }, () => {
  for (const [title, id] of [
    [
      'Under sustained load answers come in time, counted from when each request was due',
      'sustained.latency.p95',
    ],
    [
      'Under sustained load SalesTalk adds little time of its own to that of the model',
      'sustained.ownTime.p95',
    ],
    ['Requests are answered under sustained load', 'sustained.availability'],
    ['Under sustained load SalesTalk is never silent for long', 'sustained.stall'],
    ['Under sustained load every answer belongs to the tenant that asked', 'sustained.isolation'],
  ] as const) {
    test(title, objective(id), async ({ sustained }) => {
      await expect(sustained).toMeetBudget(id);
    });
  }
});
