import type { CDPSession } from '@playwright/test';

/** The heap of a page after garbage collection. */
export type HeapUsage = {
  /** JavaScript objects in use (V8). */
  usedBytes: number;
  /** Reserved by V8. */
  totalBytes: number;
  /** DOM objects in use (Blink's heap); null if this browser does not report it. */
  embedderBytes: number | null;
  /** Array buffers and strings outside the heap; null if this browser does not report it. */
  backingStoreBytes: number | null;
  nodes: number;
  listeners: number;
  documents: number;
};

/**
 * Waits for two frames, collects the garbage of a page and reads its heap with CDP's Runtime.getHeapUsage and Memory.getDOMCounters.
 * All values are of the renderer process, so pages that share a renderer are counted together.
 * @param session of the page; the caller detaches it
 */
export async function heapUsage(session: CDPSession): Promise<HeapUsage> {
  await afterTwoFrames(session);
  // Once is enough: a second collection frees nothing of V8's heap, and of Blink's no more than its noise.
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

/** The optional values exist since Chromium 133. */
type HeapFigures = {
  usedSize: number;
  totalSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
};

/** A background page draws no frames, so it waits for a second. */
const AFTER_TWO_FRAMES = `new Promise((done) => {
  const late = setTimeout(done, 1000);
  requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(late); done(); }));
})`;

/** Waits until a page is drawn: the layout of the last frame still holds removed elements. */
export async function afterTwoFrames(session: CDPSession): Promise<void> {
  await session.send('Runtime.evaluate', { expression: AFTER_TWO_FRAMES, awaitPromise: true });
}
