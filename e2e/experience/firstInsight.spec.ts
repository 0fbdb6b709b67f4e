import { expect, judges, test } from '../fixtures.ts';

test.describe('First insight', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['from the sign-in to the whole first answer', 'desktop.insight.p75'],
    ['the first words are painted', 'desktop.firstChunk.p75'],
    ['the whole answer is painted', 'desktop.latency.p75'],
    ['the page stays responsive meanwhile', 'desktop.blocking.p75'],
    ['and draws evenly', 'desktop.missedFrames.p75'],
  ] as const) {
    test(`at a desk, ${what}: ${id}`, { annotation: judges(id) }, async ({ desktopVisits }) => {
      await expect(desktopVisits).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['from the sign-in to the whole first answer', 'phone.insight.p75'],
    ['the first words are painted', 'phone.firstChunk.p75'],
    ['the whole answer is painted', 'phone.latency.p75'],
    ['the page stays responsive meanwhile', 'phone.blocking.p75'],
    ['and draws evenly', 'phone.missedFrames.p75'],
  ] as const) {
    test(`on a phone, ${what}: ${id}`, { annotation: judges(id) }, async ({ phoneVisits }) => {
      await expect(phoneVisits).toMeetBudget(id);
    });
  }
});
