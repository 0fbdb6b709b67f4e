import { expect, objective, testWith } from '../fixtures.ts';
import { lighthouseFlow } from '../measurements.ts';

const test = testWith({ lighthouseFlow: lighthouseFlow() });

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
