import { expect, judges, test } from '../fixtures.ts';

test.describe('Vitals of a visit', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the server answers', 'desktop.ttfb.p75'],
    ['something is painted', 'desktop.fcp.p75'],
    ['the largest element is there', 'desktop.lcp.p75'],
    ['nothing moves', 'desktop.cls.p75'],
    ['clicks and keys are answered', 'desktop.inp.p75'],
  ] as const) {
    test(`at a desk, ${what}: ${id}`, { annotation: judges(id) }, async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['the server answers', 'phone.ttfb.p75'],
    ['something is painted', 'phone.fcp.p75'],
    ['the largest element is there', 'phone.lcp.p75'],
    ['nothing moves', 'phone.cls.p75'],
    ['clicks and keys are answered', 'phone.inp.p75'],
  ] as const) {
    test(`on a phone, ${what}: ${id}`, { annotation: judges(id) }, async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
