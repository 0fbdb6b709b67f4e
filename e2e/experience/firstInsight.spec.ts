import { expect, objectives, test } from '../fixtures.ts';

test.describe('First insight', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['the first answer is complete soon after the sign-in', 'desktop.insight.p75'],
    ['the first words of an answer are painted in time', 'desktop.firstChunk.p75'],
    ['the whole answer is painted in time', 'desktop.latency.p75'],
    ['the page stays responsive while an answer arrives', 'desktop.blocking.p75'],
    ['the page misses few frames', 'desktop.missedFrames.p75'],
  ] as const) {
    test(`At a desk, ${what}: ${id}`, { annotation: objectives(id) }, async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['the first answer is complete soon after the sign-in', 'phone.insight.p75'],
    ['the first words of an answer are painted in time', 'phone.firstChunk.p75'],
    ['the whole answer is painted in time', 'phone.latency.p75'],
    ['the page stays responsive while an answer arrives', 'phone.blocking.p75'],
    ['the page misses few frames', 'phone.missedFrames.p75'],
  ] as const) {
    test(`On a phone, ${what}: ${id}`, { annotation: objectives(id) }, async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
