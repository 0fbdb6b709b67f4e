import type { CDPSession, Page } from '@playwright/test';
import { FEWEST_WARM_UP_ITERATIONS } from '../../core/statistics/growth.ts';
import { pageLost, watchPage } from '../page/pageLost.ts';
import { type HeapUsage, heapUsage } from './heapUsage.ts';

/**
 * How Chromium is started to measure growth. By default V8 compiles what runs often, remembers what it saw and drops code that has not
 * run for a while, so that a page that keeps nothing still grows or shrinks; in its lite mode it interprets, and what is left is what
 * the page holds on to.
 *
 * Measured with Chromium 156 on a chat page that keeps its latest 20 answers, after 30 questions of warm-up (Theil–Sen, bytes a
 * question). Default: 544, interval 358 to 800 over 60 questions; --no-opt alone 394, --no-maglev 798, --no-sparkplug 1466, the three
 * together 0 to 126, --no-lazy-feedback-allocation 730. Lite mode: 0 in 4 of 4 runs on a quiet machine, −91 to 70 in 34 runs of 40
 * questions on a crowded one, where code is dropped by age; with --no-flush-bytecode −65 to 40 in 32, the median 0.
 *
 * A page that needs WebAssembly does not run so, and nothing timed in such a browser says what a user waits for.
 */
export const STEADY_HEAP_ARGS: readonly string[] = ['--js-flags=--lite-mode --no-flush-bytecode'];

/** What a page held on to after one turn of a journey; turns count from 0, those of the warm-up too. */
type HeapSample = HeapUsage & { iteration: number };

type HeapJourney = {
  page: Page;
  /** One turn, from a state of the page to the same state. A turn keeps no handles of the page, which would hold on to what they stand for. */
  iterate: (iteration: number) => Promise<void>;
  /** Turns before those that are judged. A page that keeps the latest n of something fills up for n turns: take a few more than that. */
  warmUpIterations: number;
  /** Turns that are judged. */
  iterations: number;
};

const MAX_ITERATIONS = 10_000;

/**
 * Goes through a journey again and again and samples the page's heap after each turn. All samples are given back, those of the
 * warm-up first; `judgeGrowth` takes those after it. The document must stay the same: samples of two are not comparable.
 * @throws HarnessError PAGE_LOST where the page crashes, closes or loads another document; RangeError for a warm-up that is too short
 */
export async function heapPerIteration(journey: HeapJourney): Promise<HeapSample[]> {
  const turns = countIterations(journey);
  const { page, iterate } = journey;
  using watched = watchPage(page);
  const session = await page.context().newCDPSession(page);
  try {
    const samples: HeapSample[] = [];
    const document = await readDocumentId(session);
    for (let iteration = 0; iteration < turns; iteration++) {
      await watched.unlessLost(iterate(iteration));
      const usage = await watched.unlessLost(heapUsage(session).catch(reportPageLost));
      if ((await watched.unlessLost(readDocumentId(session))) !== document) {
        throw pageLost(`it loaded another document in iteration ${iteration}`);
      }
      samples.push({ iteration, ...usage });
    }
    return samples;
  } finally {
    // Not waited for: a page that crashed does not answer, and one that closed took its session along.
    void session.detach().catch(() => undefined);
  }
}

function countIterations({ warmUpIterations, iterations }: HeapJourney): number {
  if (warmUpIterations < FEWEST_WARM_UP_ITERATIONS) {
    throw new RangeError(
      `a heap is warm after at least ${FEWEST_WARM_UP_ITERATIONS} iterations, not ${warmUpIterations}`,
    );
  }
  const turns = warmUpIterations + iterations;
  if (!Number.isInteger(turns) || turns > MAX_ITERATIONS || iterations < 1) {
    throw new RangeError(
      `a heap is sampled in 1 to ${MAX_ITERATIONS} iterations, warm-up and all, not ${turns}`,
    );
  }
  return turns;
}

/** The main frame's document: another one has another loader, a change of the address within it keeps it. */
async function readDocumentId(session: CDPSession): Promise<string> {
  const { frameTree } = await session.send('Page.getFrameTree');
  return frameTree.frame.loaderId;
}

/** A page that is going to another document does not answer in time for its old one. */
function reportPageLost(error: Error): never {
  throw pageLost(error.message);
}
