import { expect, judges, test } from '../fixtures.ts';

test.describe('Performance budgets', { tag: '@performance' }, () => {
  for (const [what, id] of [
    ['a question leaves no memory behind', 'page.heap.growth'],
    ['the page stays within its memory', 'page.heap.footprint'],
    ['nor nodes', 'page.dom.nodeGrowth'],
    ['nor listeners', 'page.dom.listenerGrowth'],
    ['nor documents', 'page.dom.documentGrowth'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ pageResources }) => {
      await expect(pageResources).toMeetBudget(id);
    });
  }

  for (const [what, id] of [
    ['a request leaves no memory behind in the API', 'api.memory.growth'],
    ['the API stays within its memory', 'api.memory.footprint'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ apiMemory }) => {
      await expect(apiMemory).toMeetBudget(id);
    });
  }

  const coldStart = 'coldStart.latency.p50';
  test(`a new process answers soon: ${coldStart}`, { annotation: judges(coldStart) }, async ({
    coldStarts,
  }) => {
    await expect(coldStarts).toMeetBudget(coldStart);
  });

  for (const [what, id] of [
    ['a first visit is light', 'page.weight'],
    ['and takes few requests', 'page.requests'],
    ['a second one fetches no file again', 'page.caching'],
  ] as const) {
    test(`${what}: ${id}`, { annotation: judges(id) }, async ({ pageResources }) => {
      await expect(pageResources).toMeetBudget(id);
    });
  }
});
