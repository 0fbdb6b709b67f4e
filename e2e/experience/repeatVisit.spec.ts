import { expect, objectives, test } from '../fixtures.ts';

test.describe('Vitals of a second visit', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the server answers in time', 'desktopRepeat.ttfb.p75'],
    ['the first content is painted in time', 'desktopRepeat.fcp.p75'],
    ['the largest element is painted in time', 'desktopRepeat.lcp.p75'],
    ['the layout does not shift', 'desktopRepeat.cls.p75'],
  ] as const) {
    const details = { annotation: objectives(id) };
    test(`At a desk, ${what}: ${id}`, details, async ({ desktopRepeatVisits }) => {
      await expect(desktopRepeatVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['the server answers in time', 'phoneRepeat.ttfb.p75'],
    ['the first content is painted in time', 'phoneRepeat.fcp.p75'],
    ['the largest element is painted in time', 'phoneRepeat.lcp.p75'],
    ['the layout does not shift', 'phoneRepeat.cls.p75'],
  ] as const) {
    const details = { annotation: objectives(id) };
    test(`On a phone, ${what}: ${id}`, details, async ({ phoneRepeatVisits }) => {
      await expect(phoneRepeatVisits).toMeetBudget(id);
    });
  }
});
