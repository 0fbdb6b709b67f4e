import { expect, objective, testWith } from '../fixtures.ts';
import { firstVisits } from '../measurements.ts';

const test = testWith({
  desktopVisits: firstVisits('desktop'),
  phoneVisits: firstVisits('phone'),
});

test.describe('First insight', { tag: '@performance' }, () => {
  for (const [title, id] of [
    [
      'On a first visit on a desktop, the first answer is complete soon after the sign-in',
      'desktop.insight.p75',
    ],
    [
      'On a first visit on a desktop, the first words of an answer are painted in time',
      'desktop.firstChunk.p75',
    ],
    ['On a first visit on a desktop, the whole answer is painted in time', 'desktop.latency.p75'],
    [
      'On a first visit on a desktop, the page stays responsive while an answer arrives',
      'desktop.blocking.p75',
    ],
    ['On a first visit on a desktop, the page misses few frames', 'desktop.missedFrames.p75'],
  ] as const) {
    test(title, objective(id), async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [title, id] of [
    [
      'On a first visit on a phone, the first answer is complete soon after the sign-in',
      'phone.insight.p75',
    ],
    [
      'On a first visit on a phone, the first words of an answer are painted in time',
      'phone.firstChunk.p75',
    ],
    ['On a first visit on a phone, the whole answer is painted in time', 'phone.latency.p75'],
    [
      'On a first visit on a phone, the page stays responsive while an answer arrives',
      'phone.blocking.p75',
    ],
    ['On a first visit on a phone, the page misses few frames', 'phone.missedFrames.p75'],
  ] as const) {
    test(title, objective(id), async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
