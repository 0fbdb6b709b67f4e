import { expect, objective, testWith } from '../fixtures.ts';
import { apiMemory, coldStarts, pageResources } from '../measurements.ts';

const test = testWith({
  pageResources: pageResources('pageHeap', 'pageVisits'),
  apiMemory: apiMemory(),
  coldStarts: coldStarts(),
});

test.describe('Performance budgets', { tag: '@performance' }, () => {
  for (const [title, id] of [
    ['A question leaves no memory behind in the page', 'page.heap.growth'],
    ['The page stays within its memory', 'page.heap.footprint'],
    ['A question leaves no DOM nodes behind', 'page.dom.nodeGrowth'],
    ['A question leaves no event listeners behind', 'page.dom.listenerGrowth'],
    ['A question leaves no documents behind', 'page.dom.documentGrowth'],
  ] as const) {
    test(title, objective(id), async ({ pageResources }) => {
      await expect(pageResources).toMeetBudget(id);
    });
  }

  for (const [title, id] of [
    ['A request leaves no memory behind in the API', 'api.memory.growth'],
    ['The API stays within its memory', 'api.memory.footprint'],
  ] as const) {
    test(title, objective(id), async ({ apiMemory }) => {
      await expect(apiMemory).toMeetBudget(id);
    });
  }

  test(
    'A new process answers in time',
    objective('coldStart.latency.p50'),
    async ({ coldStarts }) => {
      await expect(coldStarts).toMeetBudget('coldStart.latency.p50');
    },
  );

  for (const [title, id] of [
    ['A first visit transfers few bytes', 'page.weight'],
    ['A first visit takes few requests', 'page.requests'],
    ['A second visit fetches no file again', 'page.caching'],
  ] as const) {
    test(title, objective(id), async ({ pageResources }) => {
      await expect(pageResources).toMeetBudget(id);
    });
  }
});
