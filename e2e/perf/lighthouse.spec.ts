import { expect, objective, testWith } from '../fixtures.ts';
import { lighthouse } from '../measurements.ts';

// Lighthouse opens the page as a desktop, each time in a new browser, until every median below is clear. No question is asked.
// Objectives and sample budgets (the most runs) stand in `budgets/` under the ids below.
const test = testWith({ lighthouse: lighthouse() });

test.describe('Lighthouse', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['The largest element of the page is painted in time', 'lighthouse.lcp.p50'],
    ['The layout of the page does not shift while it loads', 'lighthouse.cls.p50'],
    ['The main thread is not blocked while the page loads', 'lighthouse.tbt.p50'],
    ['The page loads few bytes', 'lighthouse.totalBytes.p50'],
    ['The page loads little code that it does not use', 'lighthouse.unusedBytes.p50'],
    ["The page reaches Lighthouse's performance score", 'lighthouse.score.p50'],
  ] as const) {
    test(title, objective(id), async ({ lighthouse }) => {
      await expect(lighthouse).toMeetBudget(id);
    });
  }
});
