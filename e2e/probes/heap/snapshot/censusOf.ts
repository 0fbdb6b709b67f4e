import { isInternal, type PageHeap } from './pageHeap.ts';
import { constructorNameOf } from './plainNames.ts';

/** The objects of one constructor. */
export type ConstructorCount = {
  count: number;
  /** Their own bytes and those of what the engine keeps for each of them alone. */
  selfBytes: number;
  /** What would be free without them; what one of them retains for another one counts once. */
  retainedBytes: number;
};

/** What a page held at one time, small enough to be kept while another snapshot is taken. */
export type HeapCensus = {
  byConstructor: Map<string, ConstructorCount>;
  /** Which objects there were. */
  ids: Set<number>;
};

/** Counts what a page's windows hold by constructor; what no script can name belongs to whoever retains it. */
export function censusOf({ graph, windows, holds }: PageHeap): HeapCensus {
  const byConstructor = new Map<string, ConstructorCount>();
  const ids = new Set<number>();
  const openConstructors = new Map<string, number>();
  // Down the tree of dominators; a negative entry closes what was opened.
  const ahead = [0];
  const names: string[] = [];
  for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
    if (place === CLOSE) {
      const name = names.pop() as string;
      openConstructors.set(name, (openConstructors.get(name) as number) - 1);
      continue;
    }
    const isPages = holds.has(place) || windows.includes(place);
    if (isPages && !isInternal(graph.typeOf(place), graph.nameOf(place))) {
      ids.add(graph.idOf(place));
      const name = constructorNameOf(graph, place);
      const open = openConstructors.get(name) ?? 0;
      const entry = byConstructor.get(name) ?? { count: 0, selfBytes: 0, retainedBytes: 0 };
      entry.count += 1;
      entry.selfBytes += graph.selfBytesOf(place);
      if (open === 0) entry.retainedBytes += graph.retainedBytesOf(place);
      byConstructor.set(name, entry);
      openConstructors.set(name, open + 1);
      names.push(name);
      ahead.push(CLOSE);
    }
    for (const dominated of graph.dominatedBy(place)) ahead.push(dominated);
  }
  return { byConstructor, ids };
}

const CLOSE = -1;
