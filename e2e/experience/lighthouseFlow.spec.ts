import { expect, judges, test } from '../fixtures.ts';

test.describe('Lighthouse, a visit and a question on a phone', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the largest element is there', 'lighthouseFlow.lcp.p50'],
    ['nothing moves', 'lighthouseFlow.cls.p50'],
    ['the page is not blocked', 'lighthouseFlow.tbt.p50'],
    ['clicks and keys are answered', 'lighthouseFlow.inp.p50'],
    ['the score', 'lighthouseFlow.score.p50'],
    ['everybody can use it', 'lighthouseFlow.accessibility.p50'],
    ['it is made as pages are today', 'lighthouseFlow.bestPractices.p50'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ lighthouseFlow }) => {
      await expect(lighthouseFlow).toMeetBudget(id);
    });
  }
});
