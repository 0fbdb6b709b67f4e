import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** How long an answer took as the user saw it. Times in ms since the epoch by the page's clock. */
export type AnswerTiming = {
  /** `unfinished` if it neither completed nor failed before the time-out. */
  outcome: 'complete' | 'failed' | 'unfinished';
  /** When the browser got the click or key that asked, before any script ran; null if there was none. */
  submittedAtMs: number | null;
  /** When each new text was painted: pieces that came within one frame are one. */
  paintedAtMs: number[];
  /** When it was painted complete, or failed. */
  endedAtMs: number | null;
  submitToFirstChunkMs: number | null;
  /** Null unless the outcome is `complete`. */
  submitToCompleteMs: number | null;
  /** Between successive painted texts. */
  gapsMs: number[];
  longestGapMs: number | null;
  /** Time that the watch took on the page's main thread, in total and at most at once. */
  watchingMs: number;
  longestWatchingMs: number;
};

type AnswerWatch = {
  /** Resolves when the answer is painted complete or failed, or after `timeoutMs`. @throws HarnessError PAGE_LOST */
  ended: (options: { timeoutMs: number }) => Promise<AnswerTiming>;
};

/**
 * Watches for the next answer on a page, from the click or key that asks for it to the frame that shows it complete. Set up one watch
 * for each question, before asking.
 *
 * "Painted" is right after the frame went to the compositor: a task posted from the frame's `requestAnimationFrame`. Measured on
 * Chromium 156 against the presentation time of Element Timing (50 chunks, idle page): the task is 0.7 ms early at the median (P5 6 ms
 * early, P95 0.3 ms late), a second `requestAnimationFrame` 8 ms late (P95 22 ms), the first one 3 ms early. Element Timing needs an
 * attribute on the application's elements and reports each element once, so it misses growing text; Long Animation Frames report only
 * slow frames. A slow compositor (thousands of blurred shadows) shows the picture later than any script can know. Changes made in an
 * application's own `requestAnimationFrame` are seen one frame late. Hidden text (`display`, `visibility`) is not painted; text
 * scrolled out of view is.
 */
export async function answerTiming(page: Page, selectors: AnswerSelectors): Promise<AnswerWatch> {
  // A handle keeps the watch invisible to the page.
  const watcher = await page.evaluateHandle(watchAnswerInPage, selectors);
  return {
    ended: async ({ timeoutMs }) => {
      const timeout = new AbortController();
      const isOver = watcher.evaluate(({ ended }) => ended);
      const timeUp = wait(timeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined);
      await readFromPage('the answer', Promise.race([isOver, timeUp])).finally(() =>
        timeout.abort(),
      );
      // After the time-out nothing awaits this, and it may reject when the page closes.
      isOver.catch(() => undefined);
      const seen = await readFromPage(
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

/** CSS selectors of an answer, so that the watch knows no particular page. */
type AnswerSelectors = {
  /** One answer. Elements that exist when the watch begins are earlier answers. */
  answer: string;
  /** The part whose text grows; null for the whole answer. */
  text: string | null;
  /** Matches the answer once it is complete. */
  complete: string;
  /** Matches the answer once it has failed; null if the page does not show that. */
  failed: string | null;
};

/** The answer so far. Times are the page's `performance.now()`. */
type SeenAnswer = {
  timeOriginMs: number;
  submitMs: number | null;
  /** Of every frame that showed a new text. */
  paintsMs: number[];
  /** Of the frame that showed it complete or failed. */
  endMs: number | null;
  outcome: 'complete' | 'failed' | 'unfinished';
  /** Time that the watch itself took, and its longest piece. */
  ownMs: number;
  longestOwnMs: number;
};

/** The handle in the page. */
type AnswerWatcher = {
  /** Resolves when the answer is painted complete or failed. */
  ended: Promise<void>;
  read: () => SeenAnswer;
  stop: () => void;
};

/**
 * Runs in the page: it must use nothing from outside but its argument. It patches nothing; it listens to inputs and mutations. It
 * reads a frame's text in `requestAnimationFrame` and takes its time in a task posted from there, after the frame went to the compositor.
 */
function watchAnswerInPage({ answer, text, complete, failed }: AnswerSelectors): AnswerWatcher {
  const earlier = new WeakSet(document.querySelectorAll(answer));
  const seen: SeenAnswer = {
    timeOriginMs: performance.timeOrigin,
    submitMs: null,
    paintsMs: [],
    endMs: null,
    outcome: 'unfinished',
    ownMs: 0,
    longestOwnMs: 0,
  };
  let current: Element | null = null;
  let painted = '';
  let isFrameRequested = false;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const costing = (act: () => void): void => {
    const startMs = performance.now();
    act();
    const tookMs = performance.now() - startMs;
    seen.ownMs += tookMs;
    seen.longestOwnMs = Math.max(seen.longestOwnMs, tookMs);
  };
  const find = (): Element | null => {
    if (current?.isConnected !== true) {
      const fresh = [...document.querySelectorAll(answer)].filter((found) => !earlier.has(found));
      current = fresh.at(-1) ?? null;
    }
    return current;
  };

  // A key that submits a form also makes Chromium click its button, without a pointer: the key counts.
  const onInput = (event: Event): void => {
    const isEcho = event instanceof PointerEvent && event.detail === 0;
    if (event.isTrusted && !isEcho && current === null) seen.submitMs = event.timeStamp;
  };
  addEventListener('keydown', onInput, { capture: true, passive: true });
  addEventListener('click', onInput, { capture: true, passive: true });

  type Frame = { part: Element; text: string; outcome: SeenAnswer['outcome'] };
  const frames: (Frame | null)[] = [];
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = () =>
    costing(() => {
      const frame = frames.shift();
      if (!frame || seen.endMs !== null) return;
      const nowMs = performance.now();
      // Style and layout are done here, so this check is cheap.
      const isShown = frame.part.checkVisibility({ visibilityProperty: true });
      if (isShown && frame.text !== painted && frame.text.trim() !== '') {
        painted = frame.text;
        seen.paintsMs.push(nowMs);
      }
      if (frame.outcome === 'unfinished') return;
      seen.outcome = frame.outcome;
      seen.endMs = nowMs;
      stop();
      end();
    });
  const readFrame = (): void =>
    costing(() => {
      isFrameRequested = false;
      const element = find();
      const part = text === null ? element : element?.querySelector(text);
      const outcome = element?.matches(complete)
        ? 'complete'
        : failed !== null && element?.matches(failed)
          ? 'failed'
          : 'unfinished';
      const shown = part ?? element;
      frames.push(shown ? { part: shown, text: part?.textContent ?? '', outcome } : null);
      afterFrame.port2.postMessage(null);
    });
  const observer = new MutationObserver(() => {
    if (isFrameRequested) return;
    isFrameRequested = true;
    requestAnimationFrame(readFrame);
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
  const stop = (): void => {
    observer.disconnect();
    removeEventListener('keydown', onInput, { capture: true });
    removeEventListener('click', onInput, { capture: true });
    afterFrame.port1.close();
  };
  return { ended, read: () => seen, stop };
}
