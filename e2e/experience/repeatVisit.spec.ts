import { expect, judges, test } from '../fixtures.ts';

test.describe('Vitals of a second visit', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the server answers', 'desktopRepeat.ttfb.p75'],
    ['something is painted', 'desktopRepeat.fcp.p75'],
    ['the largest element is there', 'desktopRepeat.lcp.p75'],
    ['nothing moves', 'desktopRepeat.cls.p75'],
  ] as const) {
    const details = { annotation: judges(id) };
    test(`at a desk, ${what}: ${id}`, details, async ({ desktopRepeatVisits }) => {
      await expect(desktopRepeatVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['the server answers', 'phoneRepeat.ttfb.p75'],
    ['something is painted', 'phoneRepeat.fcp.p75'],
    ['the largest element is there', 'phoneRepeat.lcp.p75'],
    ['nothing moves', 'phoneRepeat.cls.p75'],
  ] as const) {
    const details = { annotation: judges(id) };
    test(`on a phone, ${what}: ${id}`, details, async ({ phoneRepeatVisits }) => {
      await expect(phoneRepeatVisits).toMeetBudget(id);
    });
  }
});
