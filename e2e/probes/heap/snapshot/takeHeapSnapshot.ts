import type { CDPSession } from '@playwright/test';
import { parse } from 'heap-snapshot-toolkit';

/** All objects of a renderer and what refers to what, with dominators and retained sizes. */
export type HeapSnapshot = Awaited<ReturnType<typeof parse>>;

/**
 * Takes a snapshot of a page's heap, which collects the garbage first and stops the page meanwhile: seconds, and twenty times the
 * memory of the heap. It holds the texts of the page, tokens among them, so it is read while it arrives and never written to a file.
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
