import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { fromPage } from './fromPage.ts';
import { type AnswerSelectors, type SeenAnswer, watchAnswerInPage } from './watchAnswerInPage.ts';

/** How long an answer took as the person in front of the page saw it. Times in ms since the epoch by the page's clock. */
export type AnswerTiming = {
  /** `unfinished` where it had neither completed nor failed when the time was up. */
  outcome: 'complete' | 'failed' | 'unfinished';
  /** The moment of the click or key that asked, as the browser got it, before any script ran; null where none was seen. */
  submittedAtMs: number | null;
  /** Every moment at which another text than before was painted: several pieces that came within one frame are one. */
  paintedAtMs: number[];
  /** When it was painted complete, or failed. */
  endedAtMs: number | null;
  submitToFirstChunkMs: number | null;
  /** null unless the outcome is `complete`. */
  submitToCompleteMs: number | null;
  /** Between one painted text and the next. */
  gapsMs: number[];
  longestGapMs: number | null;
  /** What watching took of the page's main thread, all together and at worst at a time. */
  watchingMs: number;
  longestWatchingMs: number;
};

/** A watch that was set up before the question is asked. */
export type AnswerWatch = {
  /** The timing once the answer is painted complete or failed, or what was seen of it when `timeoutMs` are over. @throws HarnessError PAGE_LOST */
  ended: (options: { timeoutMs: number }) => Promise<AnswerTiming>;
};

/**
 * Watches for the next answer on a page, from the click or key that asks for it to the frame that shows it complete. Set it up before
 * asking, and one for each question.
 *
 * "Painted" is the moment right after the frame with the change was handed to the compositor: a task posted from the frame's own
 * `requestAnimationFrame`. What else was tried on Chromium 156, each against the presentation time of Element Timing (50 chunks, idle
 * page): the task is 0.7 ms early at the median (P5 6 ms early, P95 0.3 ms late), a second `requestAnimationFrame` 8 ms late (P95 22 ms), the first one 3 ms
 * early. Element Timing itself wants an attribute on the application's elements and tells of each element once, so that text that grows is
 * seen a single time; Long Animation Frames tell of slow frames alone. Where the compositor is what is slow, as with thousands of blurred
 * shadows, the picture comes later than any script can know. An application that changes the document from a `requestAnimationFrame` of its
 * own is seen one frame late. What is hidden (`display`, `visibility`) is not painted; what is scrolled out of view is.
 */
export async function answerTiming(page: Page, selectors: AnswerSelectors): Promise<AnswerWatch> {
  // A handle, so that nothing of it is to be seen from the page.
  const watcher = await page.evaluateHandle(watchAnswerInPage, selectors);
  return {
    ended: async ({ timeoutMs }) => {
      const timeout = new AbortController();
      const isOver = watcher.evaluate(({ ended }) => ended);
      const timeUp = wait(timeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined);
      await fromPage('the answer', Promise.race([isOver, timeUp])).finally(() => timeout.abort());
      // Once the time is up nobody waits for the end any more, which may be that of the page.
      isOver.catch(() => undefined);
      const seen = await fromPage(
        'the answer',
        watcher.evaluate(({ read, stop }) => {
          stop();
          return read();
        }),
      );
      await watcher.dispose();
      return timingOf(seen);
    },
  };
}

function timingOf(seen: SeenAnswer): AnswerTiming {
  const { timeOriginMs, submitMs, paintsMs, endMs, outcome } = seen;
  const sinceSubmit = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined || submitMs === null ? null : ms - submitMs;
  const gapsMs = paintsMs.slice(1).map((ms, index) => ms - (paintsMs[index] ?? Number.NaN));
  return {
    outcome,
    submittedAtMs: submitMs === null ? null : timeOriginMs + submitMs,
    paintedAtMs: paintsMs.map((ms) => timeOriginMs + ms),
    endedAtMs: endMs === null ? null : timeOriginMs + endMs,
    submitToFirstChunkMs: sinceSubmit(paintsMs[0]),
    submitToCompleteMs: outcome === 'complete' ? sinceSubmit(endMs) : null,
    gapsMs,
    longestGapMs: gapsMs.length === 0 ? null : Math.max(...gapsMs),
    watchingMs: seen.ownMs,
    longestWatchingMs: seen.longestOwnMs,
  };
}
