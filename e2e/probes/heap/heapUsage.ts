import type { CDPSession } from '@playwright/test';

/** What a page holds on to once its garbage is collected. */
export type HeapUsage = {
  /** JavaScript objects in use (V8). */
  usedBytes: number;
  /** What V8 has reserved for them. */
  totalBytes: number;
  /** Objects of the DOM and its like in use (Blink's own heap); null where this browser does not tell. */
  embedderBytes: number | null;
  /** Array buffers and strings kept outside of the heap; null where this browser does not tell. */
  backingStoreBytes: number | null;
  nodes: number;
  listeners: number;
  documents: number;
};

/**
 * Waits for two frames, collects the garbage of a page and reads what is left, by CDP: Runtime.getHeapUsage and Memory.getDOMCounters.
 * All of it counts the renderer process, so a page that shares its renderer with another one is counted with it.
 * @param session of the page; whoever opened it detaches it
 */
export async function heapUsage(session: CDPSession): Promise<HeapUsage> {
  await afterTwoFrames(session);
  // Once: a second time frees nothing more of V8's heap, and of Blink's no more than its own noise.
  await session.send('HeapProfiler.collectGarbage');
  const heap: HeapFigures = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners, documents } = await session.send('Memory.getDOMCounters');
  return {
    usedBytes: heap.usedSize,
    totalBytes: heap.totalSize,
    embedderBytes: heap.embedderHeapUsedSize ?? null,
    backingStoreBytes: heap.backingStorageSize ?? null,
    nodes,
    listeners: jsEventListeners,
    documents,
  };
}

/** Chromium tells of more since 133 than it did before. */
type HeapFigures = {
  usedSize: number;
  totalSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
};

/** A page in the background draws no frames: a second must do. */
const AFTER_TWO_FRAMES = `new Promise((done) => {
  const late = setTimeout(done, 1000);
  requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(late); done(); }));
})`;

/** Waits until a page has drawn what it holds: what has left the page is still held by the layout of the frame that showed it. */
export async function afterTwoFrames(session: CDPSession): Promise<void> {
  await session.send('Runtime.evaluate', { expression: AFTER_TWO_FRAMES, awaitPromise: true });
}
