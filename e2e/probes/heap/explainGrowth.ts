import type { Page } from '@playwright/test';
import { afterTwoFrames } from './afterTwoFrames.ts';
import { type ConstructorGrowth, growthByConstructor } from './growthByConstructor.ts';
import { type Retainers, retainersOf } from './retainersOf.ts';
import { censusOf, type HeapCensus } from './snapshot/censusOf.ts';
import { HeapGraph } from './snapshot/heapGraph.ts';
import { type PageHeap, pageHeapOf } from './snapshot/pageHeap.ts';
import { constructorNameOf } from './snapshot/plainNames.ts';
import { takeHeapSnapshot } from './snapshot/takeHeapSnapshot.ts';
import { watchPage } from './watchPage.ts';

/** What of a page grew between two snapshots, and who holds what came. */
export type GrowthExplanation = {
  /** Turns between the snapshots. */
  iterations: number;
  growth: (ConstructorGrowth & { retainers: Retainers | null })[];
};

/**
 * Goes through some more turns of a journey and says which constructors a page holds more of, and how. For a page that is warm and whose
 * growth has been judged: snapshots take seconds and stop the page. Names are the page's own, but none of its texts is given back.
 * @throws HarnessError PAGE_LOST where the page crashes or closes
 */
export async function explainGrowth(
  page: Page,
  iterate: (iteration: number) => Promise<void>,
  iterations = 10,
): Promise<GrowthExplanation> {
  using watched = watchPage(page);
  const session = await page.context().newCDPSession(page);
  const look = async () => {
    await watched.unlessLost(afterTwoFrames(session));
    const snapshot = await watched.unlessLost(takeHeapSnapshot(session));
    return pageHeapOf(new HeapGraph(snapshot));
  };
  try {
    const before = censusOf(await look());
    for (let iteration = 0; iteration < iterations; iteration++) {
      await watched.unlessLost(iterate(iteration));
      // What the engine drops as it collects would else look like growth where it is dropped late.
      await watched.unlessLost(session.send('HeapProfiler.collectGarbage'));
    }
    return { iterations, growth: explain(before, await look(), iterations) };
  } finally {
    void session.detach().catch(() => undefined);
  }
}

function explain(
  before: HeapCensus,
  heap: PageHeap,
  iterations: number,
): GrowthExplanation['growth'] {
  const rows = growthByConstructor(before, censusOf(heap), iterations);
  const come = new Map(rows.map(({ constructorName }) => [constructorName, [] as number[]]));
  for (const place of heap.holds.keys()) {
    if (before.ids.has(heap.graph.idOf(place))) continue;
    come.get(constructorNameOf(heap.graph, place))?.push(place);
  }
  return rows.map((row) => ({
    ...row,
    retainers: retainersOf(heap, come.get(row.constructorName) ?? []),
  }));
}
