import { expect, judges, test } from '../fixtures.ts';

test.describe('Lighthouse', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the largest element is there', 'lighthouse.lcp.p50'],
    ['nothing moves', 'lighthouse.cls.p50'],
    ['the page is not blocked', 'lighthouse.tbt.p50'],
    ['little is loaded', 'lighthouse.totalBytes.p50'],
    ['and less of it in vain', 'lighthouse.unusedBytes.p50'],
    ['the score', 'lighthouse.score.p50'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ lighthouse }) => {
      await expect(lighthouse).toMeetBudget(id);
    });
  }
});
