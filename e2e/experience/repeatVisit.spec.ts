import { expect, objective, testWith } from '../fixtures.ts';
import { repeatVisits } from '../measurements.ts';

// The page is opened twice in a new browser context, and the second time counts, until every objective below is clear. No question is asked.
// The phone is a mid-range one on a slow network. Objectives and sample budgets (the most visits) stand in `budgets/` under the ids below.
const test = testWith({
  desktopRepeatVisits: repeatVisits('desktop'),
  phoneRepeatVisits: repeatVisits('phone'),
});

test.describe('Vitals of a second visit', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['On a second visit on a desktop, the server answers in time', 'desktopRepeat.ttfb.p75'],
    [
      'On a second visit on a desktop, the first content is painted in time',
      'desktopRepeat.fcp.p75',
    ],
    [
      'On a second visit on a desktop, the largest element is painted in time',
      'desktopRepeat.lcp.p75',
    ],
    ['On a second visit on a desktop, the layout does not shift', 'desktopRepeat.cls.p75'],
  ] as const) {
    test(title, objective(id), async ({ desktopRepeatVisits }) => {
      await expect(desktopRepeatVisits).toMeetBudget(id);
    });
  }

  for (const [title, id] of [
    ['On a second visit on a phone, the server answers in time', 'phoneRepeat.ttfb.p75'],
    ['On a second visit on a phone, the first content is painted in time', 'phoneRepeat.fcp.p75'],
    ['On a second visit on a phone, the largest element is painted in time', 'phoneRepeat.lcp.p75'],
    ['On a second visit on a phone, the layout does not shift', 'phoneRepeat.cls.p75'],
  ] as const) {
    test(title, objective(id), async ({ phoneRepeatVisits }) => {
      await expect(phoneRepeatVisits).toMeetBudget(id);
    });
  }
});
