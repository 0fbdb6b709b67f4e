import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

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
type AnswerWatch = {
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
      await readFromPage('the answer', Promise.race([isOver, timeUp])).finally(() =>
        timeout.abort(),
      );
      // Once the time is up nobody waits for the end any more, which may be that of the page.
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

/** How an answer is found on a page, all of it CSS, so that the watching knows nothing of any page. */
type AnswerSelectors = {
  /** An element that holds one answer. Those that stand when the watching begins are former ones. */
  answer: string;
  /** The part of it whose text grows; null where that is the whole of it. */
  text: string | null;
  /** What the answer's element matches once it is complete. */
  complete: string;
  /** What it matches once it has failed for good; null where that cannot be told. */
  failed: string | null;
};

/** What was seen of an answer until now. Times are the page's `performance.now()`. */
type SeenAnswer = {
  timeOriginMs: number;
  submitMs: number | null;
  /** Of every frame that showed another text than the one before. */
  paintsMs: number[];
  /** Of the frame that showed it complete or failed. */
  endMs: number | null;
  outcome: 'complete' | 'failed' | 'unfinished';
  /** Time spent in the watching itself, and the longest piece of it. */
  ownMs: number;
  longestOwnMs: number;
};

/** The watching as it lives in the page. */
type AnswerWatcher = {
  /** Resolves when the answer was painted complete or failed. */
  ended: Promise<void>;
  read: () => SeenAnswer;
  stop: () => void;
};

/**
 * Runs inside the page, so it may use nothing but its argument. Patches nothing: it listens to what the user does, is told of
 * changes to the document, and takes the time right after the frame that paints them.
 *
 * A frame's text is read in a `requestAnimationFrame` of the frame, and its time taken by a task posted from there, which
 * runs when the frame was handed to the compositor.
 */
function watchAnswerInPage({ answer, text, complete, failed }: AnswerSelectors): AnswerWatcher {
  const former = new WeakSet(document.querySelectorAll(answer));
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
  let isFrameAsked = false;
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
      const fresh = [...document.querySelectorAll(answer)].filter((found) => !former.has(found));
      current = fresh.at(-1) ?? null;
    }
    return current;
  };

  // A key that submits a form makes Chromium click its button as well, without a pointer: the key was first.
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
      // Asked here, where style and layout are done, it costs nothing.
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
      isFrameAsked = false;
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
    if (isFrameAsked) return;
    isFrameAsked = true;
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
