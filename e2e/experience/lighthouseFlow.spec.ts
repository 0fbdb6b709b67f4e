import { expect, objective, testWith } from '../fixtures.ts';
import { lighthouseFlow } from '../measurements.ts';
import { constantModel } from '../probes/aiMock.ts';

// Lighthouse emulates a slow phone, opens the page, signs in and asks one question, each time in a new browser, until every median is clear.
// Objectives and sample budgets (the most flows) stand in `budgets/` under the ids below.
const test = testWith({
  lighthouseFlow: lighthouseFlow({
    // Fast and even, so that the time that the page adds shows.
    model: constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 }),
  }),
});

test.describe('Lighthouse, a visit and a question on a phone', { tag: '@performance' }, () => {
  for (const [title, id] of [
    [
      'In a Lighthouse flow on a phone, the largest element is painted in time',
      'lighthouseFlow.lcp.p50',
    ],
    ['In a Lighthouse flow on a phone, the layout does not shift', 'lighthouseFlow.cls.p50'],
    ['In a Lighthouse flow on a phone, the main thread is not blocked', 'lighthouseFlow.tbt.p50'],
    [
      'In a Lighthouse flow on a phone, the page reacts to clicks and keys in time',
      'lighthouseFlow.inp.p50',
    ],
    [
      "In a Lighthouse flow on a phone, the visit reaches Lighthouse's performance score",
      'lighthouseFlow.score.p50',
    ],
    [
      "In a Lighthouse flow on a phone, the page reaches Lighthouse's accessibility score",
      'lighthouseFlow.accessibility.p50',
    ],
    [
      "In a Lighthouse flow on a phone, the page reaches Lighthouse's score for best practices",
      'lighthouseFlow.bestPractices.p50',
    ],
  ] as const) {
    test(title, objective(id), async ({ lighthouseFlow }) => {
      await expect(lighthouseFlow).toMeetBudget(id);
    });
  }
});
