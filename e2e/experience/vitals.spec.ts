import { expect, objectives, test } from '../fixtures.ts';

test.describe('Vitals of a visit', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the server answers in time', 'desktop.ttfb.p75'],
    ['the first content is painted in time', 'desktop.fcp.p75'],
    ['the largest element is painted in time', 'desktop.lcp.p75'],
    ['the layout does not shift', 'desktop.cls.p75'],
    ['the page reacts to clicks and keys in time', 'desktop.inp.p75'],
  ] as const) {
    test(`At a desk, ${what}: ${id}`, { annotation: objectives(id) }, async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['the server answers in time', 'phone.ttfb.p75'],
    ['the first content is painted in time', 'phone.fcp.p75'],
    ['the largest element is painted in time', 'phone.lcp.p75'],
    ['the layout does not shift', 'phone.cls.p75'],
    ['the page reacts to clicks and keys in time', 'phone.inp.p75'],
  ] as const) {
    test(`On a phone, ${what}: ${id}`, { annotation: objectives(id) }, async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
