import { expect, objective, testWith } from '../fixtures.ts';
import { firstVisits } from '../measurements.ts';
import { constantModel } from '../probes/aiMock.ts';

/** Fast and even, so that the time that the page adds shows. */
const MODEL = constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 });

// A visitor opens the page, signs in and types one question, each time in a new browser context, until every objective below is clear. The
// phone is a mid-range one on a slow network. Objectives and sample budgets (the most visits) stand in `budgets/` under the ids below.
const test = testWith({
  desktopVisits: firstVisits('desktop', { model: MODEL }),
  phoneVisits: firstVisits('phone', { model: MODEL }),
});

test.describe('First visit on a desktop', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['On a first visit on a desktop, the server answers in time', 'desktop.ttfb.p75'],
    ['On a first visit on a desktop, the first content is painted in time', 'desktop.fcp.p75'],
    ['On a first visit on a desktop, the largest element is painted in time', 'desktop.lcp.p75'],
    ['On a first visit on a desktop, the layout does not shift', 'desktop.cls.p75'],
    [
      'On a first visit on a desktop, the page reacts to clicks and keys in time',
      'desktop.inp.p75',
    ],
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
});

test.describe('First visit on a phone', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['On a first visit on a phone, the server answers in time', 'phone.ttfb.p75'],
    ['On a first visit on a phone, the first content is painted in time', 'phone.fcp.p75'],
    ['On a first visit on a phone, the largest element is painted in time', 'phone.lcp.p75'],
    ['On a first visit on a phone, the layout does not shift', 'phone.cls.p75'],
    ['On a first visit on a phone, the page reacts to clicks and keys in time', 'phone.inp.p75'],
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
