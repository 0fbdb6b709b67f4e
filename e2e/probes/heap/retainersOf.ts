import type { Hold, PageHeap } from './snapshot/pageHeap.ts';
import { constructorNameOf, stepOf } from './snapshot/plainNames.ts';

/** Who holds objects. */
export type Retainers = {
  /** The shortest way from a window to one of them: `Window → leaks (Array) → [1204] (Object)`. */
  path: string;
  /** How many are held in the same way but for the indexes. */
  count: number;
  /** How many were looked at. */
  of: number;
};

const MOST_LOOKED_AT = 2000;
const MOST_STEPS_AT_AN_END = 15;

/** The way in which most of some objects of a page's heap are held; null where no window holds any of them. */
export function retainersOf(heap: PageHeap, places: readonly number[]): Retainers | null {
  const stride = Math.ceil(places.length / MOST_LOOKED_AT);
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
  const isLong = steps.length > 2 * MOST_STEPS_AT_AN_END;
  const start = isLong ? steps.slice(0, MOST_STEPS_AT_AN_END) : steps;
  const end = isLong ? steps.slice(-MOST_STEPS_AT_AN_END) : [];
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
