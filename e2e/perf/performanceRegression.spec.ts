import { expect, objective, testWith } from '../fixtures.ts';
import { earlierRuns } from '../measurements.ts';
import { LATENCY_BASELINE, PAGE_RESOURCES } from './sharedOffers.ts';

// The requests and questions of latencyBaseline.spec.ts and performanceBudgets.spec.ts, judged by the runs that `npm run baseline:accept`
// stored in `budgets/baselines/`. Objectives stand in `budgets/` under the ids below.
const test = testWith({
  baseline: LATENCY_BASELINE,
  pageResources: PAGE_RESOURCES,
  earlierRuns: earlierRuns(),
});

test.describe('Performance regression', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['Classify is no slower than in the baseline', 'classify.latencyRegression'],
    ['The narrative is no slower than in the baseline', 'narrative.latencyRegression'],
    [
      'SalesTalk adds no more time of its own to a classify request than in the baseline',
      'classify.ownTimeRegression',
    ],
    [
      'SalesTalk adds no more time of its own to a chat request than in the baseline',
      'chat.ownTimeRegression',
    ],
  ] as const) {
    test(title, objective(id), async ({ baseline }) => {
      await expect(baseline).toMeetBudget(id);
    });
  }

  test(
    'The page takes no more memory than in the baseline',
    objective('page.heap.memoryRegression'),
    async ({ pageResources }) => {
      await expect(pageResources).toMeetBudget('page.heap.memoryRegression');
    },
  );
});

test.describe('Flake rate', { tag: '@performance' }, () => {
  test(
    'Tests end alike whenever they run at one commit',
    objective('suite.flakeRate'),
    async ({ earlierRuns }) => {
      await expect(earlierRuns).toMeetBudget('suite.flakeRate');
    },
  );
});
