import type { Page } from '@playwright/test';
import { watchPage } from '../page/pageLost.ts';
import { HeapGraph, takeHeapSnapshot } from './heapGraph.ts';
import { afterTwoFrames } from './heapUsage.ts';
import {
  constructorNameOf,
  countHeap,
  findPageHeap,
  type HeapCensus,
  type Hold,
  type PageHeap,
  stepOf,
} from './pageHeap.ts';

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
    return findPageHeap(new HeapGraph(snapshot));
  };
  try {
    const before = countHeap(await look());
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
  const rows = growthByConstructor(before, countHeap(heap), iterations);
  const come = new Map(rows.map(({ constructorName }) => [constructorName, [] as number[]]));
  for (const place of heap.holds.keys()) {
    if (before.ids.has(heap.graph.idOf(place))) continue;
    come.get(constructorNameOf(heap.graph, place))?.push(place);
  }
  return rows.map((row) => ({
    ...row,
    retainers: findRetainers(heap, come.get(row.constructorName) ?? []),
  }));
}

/** How much more of one constructor a page holds than before. */
type ConstructorGrowth = {
  /** `Object`, `<span>`, `Detached <span>`; in brackets what has no constructor: `(string)`, `(scope)`, `(array)`. */
  constructorName: string;
  countDelta: number;
  selfDeltaBytes: number;
  retainedDeltaBytes: number;
};

/** A constructor that comes to less than this a turn, in count and in bytes, is not what grows steadily. */
const LEAST_PER_ITERATION = { count: 1, bytes: 64 };

/**
 * Constructors of which a page holds more after so many turns: at least one more or 64 bytes more a turn, those first that retain the
 * most, ten at most.
 */
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
  const { count, bytes } = LEAST_PER_ITERATION;
  return rows
    .filter(
      ({ countDelta, selfDeltaBytes }) =>
        countDelta >= count * iterations || selfDeltaBytes >= bytes * iterations,
    )
    .sort((one, other) => other.retainedDeltaBytes - one.retainedDeltaBytes)
    .slice(0, MAX_ROWS);
}

const MAX_ROWS = 10;

/** Who holds objects. */
type Retainers = {
  /** The shortest way from a window to one of them: `Window → leaks (Array) → [1204] (Object)`. */
  path: string;
  /** How many are held in the same way but for the indexes. */
  count: number;
  /** How many were looked at. */
  of: number;
};

const MAX_SAMPLED = 2000;
const MAX_STEPS_AT_EACH_END = 15;

/** The way in which most of some objects of a page's heap are held; null where no window holds any of them. */
function findRetainers(heap: PageHeap, places: readonly number[]): Retainers | null {
  const stride = Math.ceil(places.length / MAX_SAMPLED);
  const lookedAt = places.filter((_, at) => at % stride === 0);
  const byShape = new Map<string, { path: string; count: number }>();
  for (const place of lookedAt) {
    const path = pathTo(heap, place);
    if (path === null) continue;
    const shape = path.replaceAll(/\[\d+\]/g, '[]');
    const entry = byShape.get(shape) ?? { path, count: 0 };
    entry.count += 1;
    byShape.set(shape, entry);
  }
  const [commonest] = [...byShape.values()].sort((one, other) => other.count - one.count);
  return commonest === undefined ? null : { ...commonest, of: lookedAt.length };
}

function pathTo({ graph, windows, holds }: PageHeap, place: number): string | null {
  const chain: Hold[] = [];
  let at = place;
  for (let hold = holds.get(at); hold !== undefined; hold = holds.get(at)) {
    chain.push(hold);
    at = hold.holder;
  }
  if (!windows.includes(at)) return null;
  const steps = chain.reverse();
  // A list can be as long as it likes.
  const isLong = steps.length > 2 * MAX_STEPS_AT_EACH_END;
  const start = isLong ? steps.slice(0, MAX_STEPS_AT_EACH_END) : steps;
  const end = isLong ? steps.slice(-MAX_STEPS_AT_EACH_END) : [];
  const words = (holdsOn: Hold[]) => holdsOn.map((hold) => stepOf(graph, hold));
  const gap = isLong ? ['…'] : [];
  return shorten([constructorNameOf(graph, at), ...words(start), ...gap, ...words(end)]).join(
    ' → ',
  );
}

/** Containers of the browser's own, which say nothing of who holds what. */
const CONTAINER = /^(Heap[A-Z]\w*|BasicHeapVector|DataFieldWrapper)$/;

const DOM_NODE = /^(<.*>|Text|Comment)$/;

/** Leaves out the browser's containers, and of a way through the tree of the DOM all but its ends. */
function shorten(steps: readonly string[]): string[] {
  const telling = steps.filter(
    (step, at) => !CONTAINER.test(step) && !(step === 'Window' && steps[at - 1] === step),
  );
  const isWithinTree = (at: number) =>
    [at - 1, at, at + 1].every((near) => DOM_NODE.test(telling[near] ?? ''));
  return telling.flatMap((step, at) => {
    if (!isWithinTree(at)) return [step];
    return isWithinTree(at - 1) ? [] : ['…'];
  });
}
