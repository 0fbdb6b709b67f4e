import type { CDPSession, Page } from '@playwright/test';
import { FEWEST_WARM_UP_ITERATIONS } from '../../core/statistics/growth.ts';
import { pageLost, readFromPage, watchPage } from '../page/pageLost.ts';

/**
 * Chromium's arguments to measure heap growth. By default V8 compiles hot code, keeps feedback and drops old code, so that even a page
 * that keeps nothing grows: by 544 bytes a question (358 to 800) with Chromium 156. In lite mode V8 only interprets: −65 to 40 in 32 runs.
 * A page that needs WebAssembly does not run in this mode, and times in such a browser are not those of a user.
 */
export const STEADY_HEAP_ARGS: readonly string[] = ['--js-flags=--lite-mode --no-flush-bytecode'];

/** What an error says was lost. */
const MEASURED = 'its heap';

/** The heap of a page after garbage collection. */
export type HeapUsage = {
  /** JavaScript objects in use (V8). */
  usedBytes: number;
  nodes: number;
  listeners: number;
  documents: number;
};

/** The heap of a page after one iteration; iterations count from 0 and include the warm-up. */
type HeapSample = HeapUsage & { iteration: number };

type HeapJourney = {
  page: Page;
  /** Starts and ends in the same state of the page. It must keep no handles: they would retain their objects. */
  iterate: (iteration: number) => Promise<void>;
  /** Iterations before the judged ones. A page that keeps the latest n items fills up for n iterations: take a few more. */
  warmUpIterations: number;
  iterations: number;
};

/**
 * Repeats a journey and samples the page's heap after each iteration, the warm-up included. The document must stay the same: samples
 * of two documents are not comparable.
 * @throws HarnessError PAGE_LOST if the page crashes, closes or loads another document; RangeError for a warm-up that is too short
 */
export async function sampleHeap(journey: HeapJourney): Promise<HeapSample[]> {
  const { page, iterate, warmUpIterations, iterations } = journey;
  if (warmUpIterations < FEWEST_WARM_UP_ITERATIONS) {
    throw new RangeError(
      `a heap is warm after at least ${FEWEST_WARM_UP_ITERATIONS} iterations, not ${warmUpIterations}`,
    );
  }
  using watched = watchPage(page, MEASURED);
  const session = await page.context().newCDPSession(page);
  try {
    const samples: HeapSample[] = [];
    const document = await readDocumentId(session);
    for (let iteration = 0; iteration < warmUpIterations + iterations; iteration++) {
      await watched.unlessLost(iterate(iteration));
      // A page that navigates does not answer for its old document.
      const usage = await watched.unlessLost(readFromPage(MEASURED, readHeapUsage(session)));
      if ((await watched.unlessLost(readDocumentId(session))) !== document) {
        throw pageLost(MEASURED, `it loaded another document in iteration ${iteration}`);
      }
      samples.push({ iteration, ...usage });
    }
    return samples;
  } finally {
    // Not awaited: a crashed page does not answer, and a closed one ended its session.
    void session.detach().catch(() => undefined);
  }
}

/** The loader id of the main frame: it changes with the document, not with the URL within it. */
async function readDocumentId(session: CDPSession): Promise<string> {
  const { frameTree } = await session.send('Page.getFrameTree');
  return frameTree.frame.loaderId;
}

/**
 * Waits for two frames, collects the garbage of a page and reads its heap. All values are of the renderer process, so pages that share
 * a renderer are counted together.
 * @param session of the page; the caller detaches it
 */
export async function readHeapUsage(session: CDPSession): Promise<HeapUsage> {
  await waitTwoFrames(session);
  // Once is enough: a second collection frees nothing of V8's heap, and of Blink's no more than its noise.
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners, documents } = await session.send('Memory.getDOMCounters');
  return { usedBytes: usedSize, nodes, listeners: jsEventListeners, documents };
}

/** A background page draws no frames, so it waits for a second. */
const AFTER_TWO_FRAMES = `new Promise((done) => {
  const late = setTimeout(done, 1000);
  requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(late); done(); }));
})`;

/** Waits until a page is drawn: the layout of the last frame still holds removed elements. */
export async function waitTwoFrames(session: CDPSession): Promise<void> {
  await session.send('Runtime.evaluate', { expression: AFTER_TWO_FRAMES, awaitPromise: true });
}
