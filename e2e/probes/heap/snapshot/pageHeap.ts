import type { HeapGraph, Reference } from './heapGraph.ts';

/** The reference that holds an object, and what has it. */
export type Hold = Reference & { holder: number };

/** What the windows of a page hold. */
export type PageHeap = {
  graph: HeapGraph;
  windows: number[];
  /** By the place of each object that the windows hold: the last step of the shortest way to it. */
  holds: Map<number, Hold>;
};

/** What V8 has compiled, learnt and shaped, and its own roots: literals are kept there, but nothing that a script could grow. */
const ENGINE_TYPES = new Set(['code', 'object shape', 'synthetic']);

/** What Playwright keeps in a page for itself. */
const DRIVER_OBJECTS = new Set(['InjectedScript', 'UtilityScript']);

/**
 * What the browser writes into the performance timeline by itself, for which it keeps to 150 layout shifts and events and 250 resources;
 * a page's own marks and measures have no such bound.
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

/** Of the engine's or the browser's own making: no script of a page has made it or can name it. */
export function isInternal(type: string, name: string): boolean {
  if (type === 'hidden' || ENGINE_TYPES.has(type)) return true;
  if (name.startsWith('system / ')) return !name.startsWith('system / Context');
  return type === 'native' && name.startsWith('blink::');
}

/**
 * Finds what the page's windows hold by strong references, by ways through what scripts have made as far as there are any. Left out are
 * compiled code, what only the engine or the tool that drives the browser holds, and what the browser writes by itself.
 */
export function pageHeapOf(graph: HeapGraph): PageHeap {
  const windows = windowsOf(graph);
  const seen = new Set(windows);
  const holds = new Map<number, Hold>();
  const straight = [...windows];
  const detours: Hold[] = [];
  const enter = (hold: Hold) => {
    if (seen.has(hold.target)) return;
    seen.add(hold.target);
    holds.set(hold.target, hold);
    straight.push(hold.target);
  };
  let nextStraight = 0;
  let nextDetour = 0;
  for (;;) {
    const holder = straight[nextStraight++];
    if (holder === undefined) {
      const detour = detours[nextDetour++];
      if (detour === undefined) return { graph, windows, holds };
      nextStraight -= 1;
      enter(detour);
      continue;
    }
    for (const reference of graph.referencesOf(holder)) {
      const { type, target } = reference;
      if (type === 'weak' || seen.has(target)) continue;
      const [targetType, name] = [graph.typeOf(target), graph.nameOf(target)];
      if (isLeftOut(targetType, name)) continue;
      const hold = { ...reference, holder };
      if (type === 'hidden' || isInternal(targetType, name)) detours.push(hold);
      else enter(hold);
    }
  }
}

function isLeftOut(type: string, name: string): boolean {
  if (ENGINE_TYPES.has(type)) return true;
  return type === 'native' ? BROWSER_ENTRIES.has(name) : DRIVER_OBJECTS.has(name);
}

/** Browser windows, with frames; the windows of a tool's isolated worlds are not `native`. */
function windowsOf(graph: HeapGraph): number[] {
  const places: number[] = [];
  for (let place = 0; place < graph.size; place++) {
    if (graph.typeOf(place) === 'native' && /^(Detached )?Window\b/.test(graph.nameOf(place))) {
      places.push(place);
    }
  }
  return places;
}
