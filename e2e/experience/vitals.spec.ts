import { expect, objective, testWith } from '../fixtures.ts';
import { firstVisits } from '../measurements.ts';

const test = testWith({
  desktopVisits: firstVisits('desktop'),
  phoneVisits: firstVisits('phone'),
});

test.describe('Vitals of a visit', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['On a first visit on a desktop, the server answers in time', 'desktop.ttfb.p75'],
    ['On a first visit on a desktop, the first content is painted in time', 'desktop.fcp.p75'],
    ['On a first visit on a desktop, the largest element is painted in time', 'desktop.lcp.p75'],
    ['On a first visit on a desktop, the layout does not shift', 'desktop.cls.p75'],
    [
      'On a first visit on a desktop, the page reacts to clicks and keys in time',
      'desktop.inp.p75',
    ],
  ] as const) {
    test(title, objective(id), async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [title, id] of [
    ['On a first visit on a phone, the server answers in time', 'phone.ttfb.p75'],
    ['On a first visit on a phone, the first content is painted in time', 'phone.fcp.p75'],
    ['On a first visit on a phone, the largest element is painted in time', 'phone.lcp.p75'],
    ['On a first visit on a phone, the layout does not shift', 'phone.cls.p75'],
    ['On a first visit on a phone, the page reacts to clicks and keys in time', 'phone.inp.p75'],
  ] as const) {
    test(title, objective(id), async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
