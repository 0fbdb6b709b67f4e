import type { CDPSession } from '@playwright/test';
import { parse } from 'heap-snapshot-toolkit';

/** All objects of a renderer and their references, with dominators and retained sizes. */
type HeapSnapshot = Awaited<ReturnType<typeof parse>>;

/**
 * Collects the garbage and takes a snapshot of a page's heap. It stops the page for seconds and needs twenty times the heap's memory.
 * The snapshot holds the page's texts, tokens included, so it is parsed as it arrives and never written to a file.
 */
export async function takeHeapSnapshot(session: CDPSession): Promise<HeapSnapshot> {
  const source = Promise.withResolvers<ReadableStreamDefaultController<string>>();
  const chunks = new ReadableStream<string>({ start: source.resolve });
  const controller = await source.promise;
  const onChunk = ({ chunk }: { chunk: string }) => controller.enqueue(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', onChunk);
  const taken = session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const ended = taken.then(
    () => controller.close(),
    (error: unknown) => controller.error(error),
  );
  try {
    const [snapshot] = await Promise.all([parse(chunks), ended]);
    return snapshot;
  } finally {
    session.off('HeapProfiler.addHeapSnapshotChunk', onChunk);
  }
}

/** A reference to `target`: a property or variable by name, an element by index, or one of the engine by its own name. */
export type Reference = {
  type: string;
  name: string;
  target: number;
};

/** The objects of a heap by their place in the snapshot; 0 is the root. */
export class HeapGraph {
  readonly size: number;
  readonly #heap: HeapSnapshot;

  constructor(snapshot: HeapSnapshot) {
    this.#heap = snapshot;
    this.size = snapshot.nodeCount;
  }

  /** Its id is the same in every snapshot of a page. Its raw name may be a string's text or an element's attributes: must not be shown. */
  node(place: number) {
    return this.#heap.createNode(place * this.#heap.nodeFieldCount);
  }

  listReferences(place: number): Reference[] {
    const references: Reference[] = [];
    for (const edges = this.node(place).edges(); edges.hasNext(); edges.next()) {
      const edge = edges.item();
      const target = edge.nodeIndex() / this.#heap.nodeFieldCount;
      references.push({ type: edge.type(), name: edge.name(), target });
    }
    return references;
  }

  /** Its children in the dominator tree. */
  listDominated(place: number): number[] {
    const { dominatedNodes, firstDominatedNodeIndex: first, nodeFieldCount } = this.#heap;
    return Array.from(
      dominatedNodes.subarray(first[place], first[place + 1]),
      (index) => index / nodeFieldCount,
    );
  }
}

export type Hold = Reference & { holder: number };

/** The objects that a page's windows hold. */
export type RetainedObjects = {
  graph: HeapGraph;
  windows: number[];
  /** For each object held: the last step of the shortest path to it. */
  holds: Map<number, Hold>;
};

/** V8's code, feedback, shapes and roots: scripts cannot grow them. */
const ENGINE_TYPES = new Set(['code', 'object shape', 'synthetic']);

/** Playwright's own objects in a page. */
const DRIVER_OBJECTS = new Set(['InjectedScript', 'UtilityScript']);

/**
 * Entries that the browser itself adds to the performance timeline, at most 150 layout shifts and events and 250 resources; a page's
 * own marks and measures have no such limit.
 */
const BROWSER_ENTRIES = new Set([
  'LargestContentfulPaint',
  'LayoutShift',
  'LayoutShiftAttribution',
  'PerformanceEventTiming',
  'PerformanceLongAnimationFrameTiming',
  'PerformanceLongTaskTiming',
  'PerformanceResourceTiming',
]);

type HeapNode = ReturnType<HeapGraph['node']>;

/** Whether the engine or the browser created it: no script can name it. */
function isInternal(node: HeapNode): boolean {
  const [type, name] = [node.type(), node.rawName()];
  if (type === 'hidden' || ENGINE_TYPES.has(type)) return true;
  if (name.startsWith('system / ')) return !name.startsWith('system / Context');
  return type === 'native' && name.startsWith('blink::');
}

/**
 * Finds the objects that the page's windows hold by strong references, preferring paths through objects of scripts. It leaves out
 * compiled code, objects of the engine or of Playwright, and the browser's own timeline entries.
 */
export function findRetainedObjects(graph: HeapGraph): RetainedObjects {
  const windows = findWindows(graph);
  const holds = new Map<number, Hold>();
  const seen = new Set(windows);
  // Breadth-first, so that paths are short; a path through an internal object waits until no other is left.
  const straight = [...windows];
  const detours: Hold[] = [];
  const enter = (hold: Hold) => {
    if (seen.has(hold.target)) return;
    seen.add(hold.target);
    holds.set(hold.target, hold);
    straight.push(hold.target);
  };
  let next = 0;
  const followStraight = () => {
    for (; next < straight.length; next++) {
      const holder = straight[next] as number;
      for (const reference of graph.listReferences(holder)) {
        const { type, target } = reference;
        if (type === 'weak' || seen.has(target)) continue;
        const node = graph.node(target);
        if (isExcluded(node)) continue;
        const hold = { ...reference, holder };
        if (type === 'hidden' || isInternal(node)) detours.push(hold);
        else enter(hold);
      }
    }
  };
  followStraight();
  // The list grows meanwhile.
  for (const detour of detours) {
    enter(detour);
    followStraight();
  }
  return { graph, windows, holds };
}

function isExcluded(node: HeapNode): boolean {
  const [type, name] = [node.type(), node.rawName()];
  if (ENGINE_TYPES.has(type)) return true;
  return type === 'native' ? BROWSER_ENTRIES.has(name) : DRIVER_OBJECTS.has(name);
}

/** Windows with frames; those of isolated worlds are not `native`. */
function findWindows(graph: HeapGraph): number[] {
  const places: number[] = [];
  for (let place = 0; place < graph.size; place++) {
    const node = graph.node(place);
    if (node.type() === 'native' && /^(Detached )?Window\b/.test(node.rawName())) {
      places.push(place);
    }
  }
  return places;
}

type ConstructorCount = {
  count: number;
  selfBytes: number;
  /** Bytes that would be free without them; nested retention counts once. */
  retainedBytes: number;
};

/** Counts of one snapshot, small enough to keep during the next one. */
export type HeapCensus = {
  byConstructor: Map<string, ConstructorCount>;
  ids: Set<number>;
};

const CLOSE = -1;

/** Counts a page's objects by constructor; internal objects count for their retainer. */
export function countByConstructor({ graph, windows, holds }: RetainedObjects): HeapCensus {
  const byConstructor = new Map<string, ConstructorCount>();
  const ids = new Set<number>();
  const openConstructors = new Map<string, number>();
  // Depth-first through the dominator tree; CLOSE ends an object's subtree.
  const ahead = [0];
  const names: string[] = [];
  for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
    if (place === CLOSE) {
      const name = names.pop() as string;
      openConstructors.set(name, (openConstructors.get(name) as number) - 1);
      continue;
    }
    const isHeld = holds.has(place) || windows.includes(place);
    const node = graph.node(place);
    if (isHeld && !isInternal(node)) {
      ids.add(node.id());
      const name = readConstructorName(graph, place);
      const open = openConstructors.get(name) ?? 0;
      const entry = byConstructor.get(name) ?? { count: 0, selfBytes: 0, retainedBytes: 0 };
      entry.count += 1;
      entry.selfBytes += node.selfSize();
      if (open === 0) entry.retainedBytes += node.retainedSize();
      byConstructor.set(name, entry);
      openConstructors.set(name, open + 1);
      names.push(name);
      ahead.push(CLOSE);
    }
    for (const dominated of graph.listDominated(place)) ahead.push(dominated);
  }
  return { byConstructor, ids };
}

/** An object with more properties counts as a dictionary, whose keys are data. */
const MAX_NAMED_PROPERTIES = 50;

const KINDS: Record<string, string> = {
  closure: 'Function',
  regexp: 'RegExp',
  array: '(array)',
  string: '(string)',
  'concatenated string': '(string)',
  'sliced string': '(string)',
  number: '(number)',
  bigint: '(bigint)',
  symbol: '(symbol)',
};

/**
 * The constructor of an object, the tag of an element, or a kind in brackets. Never a text of the page: no string, attribute or URL,
 * and no name that could be a key or token.
 */
export function readConstructorName(graph: HeapGraph, place: number): string {
  const node = graph.node(place);
  const [type, name] = [node.type(), node.rawName()];
  const kind = KINDS[type];
  if (kind !== undefined) return kind;
  if (name.startsWith('system / Context')) return '(scope)';
  if (name.startsWith('system / ')) return '(engine)';
  if (type !== 'object' && type !== 'native') return '(engine)';
  const [, detached = '', rest = ''] = /^(Detached )?(.*)$/s.exec(name) ?? [];
  const [, tag] = /^<([a-z][a-z0-9-]{0,30})[\s>]/.exec(rest) ?? [];
  if (tag !== undefined) return `${detached}<${tag}>`;
  // Removes namespaces and parameters of browser classes, and the URL after the name of a window.
  const bare = rest.replace(/(<| [/[(]).*$/s, '').replace(/^.*::/s, '');
  return `${detached}${plainName(bare) ?? '(object)'}`;
}

/** How an object is held: `name (Constructor)`, `[index] (Constructor)`, or the constructor alone if the reference has no name. */
export function describeStep(graph: HeapGraph, hold: Hold): string {
  const constructorName = readConstructorName(graph, hold.target);
  const label = describeReference(graph, hold);
  return label === null ? constructorName : `${label} (${constructorName})`;
}

function describeReference(graph: HeapGraph, hold: Hold): string | null {
  const { holder, type, name } = hold;
  if (type === 'element') return graph.node(holder).type() === 'native' ? null : `[${name}]`;
  if (type === 'property' || type === 'context') {
    return (isDictionary(graph, holder) ? null : plainName(name)) ?? '[…]';
  }
  const target = graph.node(hold.target);
  return target.type() === 'closure' ? plainName(target.rawName()) : null;
}

function isDictionary(graph: HeapGraph, place: number): boolean {
  if (/^Window\b/.test(graph.node(place).rawName())) return false;
  const properties = graph.listReferences(place).filter(({ type }) => type === 'property');
  return properties.length > MAX_NAMED_PROPERTIES;
}

/** The name if it looks like an identifier; null for anything that could be data. */
function plainName(name: string): string | null {
  const isIdentifier = /^[\p{L}_$][\p{L}\d_$]{0,31}$/u.test(name);
  return isIdentifier && (name.match(/\d/g) ?? []).length <= 2 ? name : null;
}
