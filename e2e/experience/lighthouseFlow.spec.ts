import { expect, objectives, test } from '../fixtures.ts';

test.describe('Lighthouse, a visit and a question on a phone', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['The largest element is painted in time', 'lighthouseFlow.lcp.p50'],
    ['The layout does not shift', 'lighthouseFlow.cls.p50'],
    ['The main thread is not blocked', 'lighthouseFlow.tbt.p50'],
    ['The page reacts to clicks and keys in time', 'lighthouseFlow.inp.p50'],
    ["The visit reaches Lighthouse's performance score", 'lighthouseFlow.score.p50'],
    ["The page reaches Lighthouse's accessibility score", 'lighthouseFlow.accessibility.p50'],
    ["The page reaches Lighthouse's score for best practices", 'lighthouseFlow.bestPractices.p50'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: objectives(id) }, async ({ lighthouseFlow }) => {
      await expect(lighthouseFlow).toMeetBudget(id);
    });
  }
});
