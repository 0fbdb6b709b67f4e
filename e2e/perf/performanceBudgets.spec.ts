import { expect, objective, testWith } from '../fixtures.ts';
import { apiMemory, coldStarts } from '../measurements.ts';
import { PAGE_RESOURCES } from './sharedOffers.ts';

// Objectives and sample budgets (the most questions, visits, batches and starts) stand in `budgets/` under the ids below.
const test = testWith({
  pageResources: PAGE_RESOURCES,
  // The API's memory is read after each batch of classify and chat requests.
  apiMemory: apiMemory({
    // SalesTalk keeps its latest 1,000 conversations: only after these, growth per request shows what stays behind.
    warmUps: 21,
    // Large enough that what requests leave behind exceeds the noise of a reading, small enough for many readings.
    batchSize: 50,
    // A higher rate would show no more: memory is read between requests, not under load.
    ratePerSecond: 800,
    // So fast that a thousand requests take seconds.
    model: { latency: { distribution: 'constant', ms: 2 } },
  }),
  // A new process each time, up to its first answer, which needs no model.
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
