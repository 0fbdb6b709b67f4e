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
