import type { Page } from '@playwright/test';
import { watchPage } from '../page/pageLost.ts';
import {
  countByConstructor,
  describeStep,
  findRetainedObjects,
  type HeapCensus,
  HeapGraph,
  type Hold,
  type RetainedObjects,
  readConstructorName,
  takeHeapSnapshot,
} from './retainedObjects.ts';
import { waitTwoFrames } from './sampleHeap.ts';

/** What grew in a page between two snapshots, and what retains it. */
export type GrowthExplanation = {
  iterations: number;
  growth: (ConstructorGrowth & { retainers: Retainers | null })[];
};

/**
 * Repeats a journey and reports which constructors grew and what retains them. Use it on a warm page after its growth is judged: snapshots
 * take seconds and stop the page. The result holds names of the page's code but none of its texts.
 * @throws HarnessError PAGE_LOST if the page crashes or closes
 */
export async function explainGrowth(
  page: Page,
  iterate: () => Promise<void>,
  iterations = 10,
): Promise<GrowthExplanation> {
  using watched = watchPage(page, 'its heap');
  const session = await page.context().newCDPSession(page);
  const takeSnapshot = async () => {
    await watched.unlessLost(waitTwoFrames(session));
    const snapshot = await watched.unlessLost(takeHeapSnapshot(session));
    return findRetainedObjects(new HeapGraph(snapshot));
  };
  try {
    const before = countByConstructor(await takeSnapshot());
    for (let iteration = 0; iteration < iterations; iteration++) {
      await watched.unlessLost(iterate());
      // Otherwise garbage that the engine collects late would look like growth.
      await watched.unlessLost(session.send('HeapProfiler.collectGarbage'));
    }
    return { iterations, growth: explain(before, await takeSnapshot(), iterations) };
  } finally {
    void session.detach().catch(() => undefined);
  }
}

function explain(
  before: HeapCensus,
  heap: RetainedObjects,
  iterations: number,
): GrowthExplanation['growth'] {
  const rows = growthByConstructor(before, countByConstructor(heap), iterations);
  const added = Map.groupBy(
    [...heap.holds.keys()].filter((place) => !before.ids.has(heap.graph.node(place).id())),
    (place) => readConstructorName(heap.graph, place),
  );
  return rows.map((row) => ({
    ...row,
    retainers: findRetainers(heap, added.get(row.constructorName) ?? []),
  }));
}

type ConstructorGrowth = {
  /** `Object`, `<span>`, `Detached <span>`; in brackets without a constructor: `(string)`, `(scope)`, `(array)`. */
  constructorName: string;
  countDelta: number;
  selfDeltaBytes: number;
  retainedDeltaBytes: number;
};

const MAX_ROWS = 10;

/** Constructors that grew by at least one object or 64 bytes an iteration, those that retain the most first. */
function growthByConstructor(
  before: HeapCensus,
  after: HeapCensus,
  iterations: number,
): ConstructorGrowth[] {
  const rows = [...after.byConstructor].map(([constructorName, now]) => {
    const then = before.byConstructor.get(constructorName);
    return {
      constructorName,
      countDelta: now.count - (then?.count ?? 0),
      selfDeltaBytes: now.selfBytes - (then?.selfBytes ?? 0),
      retainedDeltaBytes: now.retainedBytes - (then?.retainedBytes ?? 0),
    };
  });
  return rows
    .filter(
      ({ countDelta, selfDeltaBytes }) =>
        countDelta >= iterations || selfDeltaBytes >= 64 * iterations,
    )
    .sort((one, other) => other.retainedDeltaBytes - one.retainedDeltaBytes)
    .slice(0, MAX_ROWS);
}

type Retainers = {
  /** The shortest path from a window to one of them: `Window → leaks (Array) → [1204] (Object)`. */
  path: string;
  /** How many have the same path apart from indexes. */
  count: number;
  /** How many were examined. */
  of: number;
};

const MAX_SAMPLED = 2000;
const MAX_STEPS_AT_EACH_END = 15;

/** The most common path that retains these objects; null if no window holds any of them. */
function findRetainers(heap: RetainedObjects, places: readonly number[]): Retainers | null {
  const stride = Math.ceil(places.length / MAX_SAMPLED);
  const sampled = places.filter((_, at) => at % stride === 0);
  const paths = sampled.map((place) => pathTo(heap, place)).filter((path) => path !== null);
  const byShape = Map.groupBy(paths, (path) => path.replaceAll(/\[\d+\]/g, '[]'));
  const [commonest = []] = [...byShape.values()].sort((one, other) => other.length - one.length);
  const [path] = commonest;
  return path === undefined ? null : { path, count: commonest.length, of: sampled.length };
}

function pathTo({ graph, windows, holds }: RetainedObjects, place: number): string | null {
  const chain: Hold[] = [];
  let at = place;
  for (let hold = holds.get(at); hold !== undefined; hold = holds.get(at)) {
    chain.push(hold);
    at = hold.holder;
  }
  if (!windows.includes(at)) return null;
  const steps = chain.reverse();
  // A linked list can have any length.
  const isLong = steps.length > 2 * MAX_STEPS_AT_EACH_END;
  const start = isLong ? steps.slice(0, MAX_STEPS_AT_EACH_END) : steps;
  const end = isLong ? steps.slice(-MAX_STEPS_AT_EACH_END) : [];
  const words = (holdsOn: Hold[]) => holdsOn.map((hold) => describeStep(graph, hold));
  const gap = isLong ? ['…'] : [];
  return shorten([readConstructorName(graph, at), ...words(start), ...gap, ...words(end)]).join(
    ' → ',
  );
}

/** The browser's own containers, which explain nothing. */
const CONTAINER = /^(Heap[A-Z]\w*|BasicHeapVector|DataFieldWrapper)$/;

const DOM_NODE = /^(<.*>|Text|Comment)$/;

/** Leaves out the browser's containers, and all but the ends of a path through the DOM tree. */
function shorten(steps: readonly string[]): string[] {
  const relevant = steps.filter(
    (step, at) => !CONTAINER.test(step) && !(step === 'Window' && steps[at - 1] === step),
  );
  const isWithinTree = (at: number) =>
    [at - 1, at, at + 1].every((near) => DOM_NODE.test(relevant[near] ?? ''));
  return relevant.flatMap((step, at) => {
    if (!isWithinTree(at)) return [step];
    return isWithinTree(at - 1) ? [] : ['…'];
  });
}
