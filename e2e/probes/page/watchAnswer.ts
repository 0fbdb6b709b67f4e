import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** A click or key press; `atMs` is when the browser got it, before any script ran. */
type Input = { kind: 'click' | 'key'; atMs: number };

/** How long an answer took as the user saw it. Times in ms since the epoch by the page's clock. */
export type AnswerTiming = {
  /** All clicks and keys of the watch, in order. */
  inputs: Input[];
  /** `unfinished` if it neither completed nor failed before the time-out. */
  outcome: 'complete' | 'failed' | 'unfinished';
  /** The time of the input that asked; null if there was none. */
  submittedAtMs: number | null;
  /** When each new text was painted: pieces that came within one frame are one. */
  paintedAtMs: number[];
  submitToFirstChunkMs: number | null;
  /** Null unless the outcome is `complete`. */
  submitToCompleteMs: number | null;
  /** Between successive painted texts; null for fewer than two. */
  longestGapMs: number | null;
};

/**
 * Watches for the next answer on a page, from the click or key that asks for it to the frame that shows it complete. Set up one watch
 * for each question, before asking.
 *
 * "Painted" is right after the frame went to the compositor: a task posted from the frame's `requestAnimationFrame`, on Chromium 156 at
 * the median 0.7 ms before the presentation time of Element Timing (P5 6 ms before, P95 0.3 ms after), which itself misses growing text.
 * Changes made in an application's own `requestAnimationFrame` are seen one frame late. Hidden text is not painted; text scrolled out of
 * view is.
 */
export async function watchAnswer(page: Page, selectors: AnswerSelectors) {
  // A handle keeps the watch invisible to the page.
  const watcher = await page.evaluateHandle(watchAnswerInPage, selectors);
  return {
    /** Resolves when the answer is painted complete or failed, or after `timeoutMs`. @throws HarnessError PAGE_LOST */
    ended: async ({ timeoutMs }: { timeoutMs: number }): Promise<AnswerTiming> => {
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
        watcher.evaluate(({ stop, seen }) => {
          stop();
          return seen;
        }),
      );
      await watcher.dispose();
      return deriveTiming(seen);
    },
  };
}

function deriveTiming(seen: SeenAnswer): AnswerTiming {
  const { timeOriginMs, inputs, submitMs, paintsMs, endMs, outcome } = seen;
  const sinceSubmit = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined || submitMs === null ? null : ms - submitMs;
  const gapsMs = paintsMs.slice(1).map((ms, index) => ms - (paintsMs[index] ?? Number.NaN));
  return {
    inputs: inputs.map(({ kind, atMs }) => ({ kind, atMs: timeOriginMs + atMs })),
    outcome,
    submittedAtMs: submitMs === null ? null : timeOriginMs + submitMs,
    paintedAtMs: paintsMs.map((ms) => timeOriginMs + ms),
    submitToFirstChunkMs: sinceSubmit(paintsMs[0]),
    submitToCompleteMs: outcome === 'complete' ? sinceSubmit(endMs) : null,
    longestGapMs: gapsMs.length === 0 ? null : Math.max(...gapsMs),
  };
}

/** CSS selectors of an answer, so that the watch knows no particular page. */
type AnswerSelectors = {
  /** One answer. Elements that exist when the watch begins are earlier answers. */
  answer: string;
  /** The part whose text grows. */
  text: string;
  complete: string;
  failed: string;
};

/** The answer so far. Times are the page's `performance.now()`. */
type SeenAnswer = {
  timeOriginMs: number;
  inputs: Input[];
  submitMs: number | null;
  /** Of every frame that showed a new text. */
  paintsMs: number[];
  /** Of the frame that showed it complete or failed. */
  endMs: number | null;
  outcome: AnswerTiming['outcome'];
};

/**
 * Runs in the page: it must use nothing from outside but its argument. It patches nothing; it listens to inputs and mutations. It
 * reads a frame's text in `requestAnimationFrame` and takes its time in a task posted from there, after the frame went to the compositor.
 */
function watchAnswerInPage({ answer, text, complete, failed }: AnswerSelectors) {
  const earlier = new WeakSet(document.querySelectorAll(answer));
  const seen: SeenAnswer = {
    timeOriginMs: performance.timeOrigin,
    inputs: [],
    submitMs: null,
    paintsMs: [],
    endMs: null,
    outcome: 'unfinished',
  };
  let current: Element | null = null;
  let painted = '';
  let isFrameRequested = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();

  const find = (): Element | null => {
    if (current?.isConnected !== true) {
      const fresh = [...document.querySelectorAll(answer)].filter((found) => !earlier.has(found));
      current = fresh.at(-1) ?? null;
    }
    return current;
  };

  const onInput = (event: Event): void => {
    // A key that submits a form also makes Chromium click its button, without a pointer: the key counts.
    const isEcho = event instanceof PointerEvent && event.detail === 0;
    if (!event.isTrusted || isEcho) return;
    const kind = event.type === 'click' ? 'click' : 'key';
    seen.inputs.push({ kind, atMs: event.timeStamp });
    if (current === null) seen.submitMs = event.timeStamp;
  };
  addEventListener('keydown', onInput, { capture: true, passive: true });
  addEventListener('click', onInput, { capture: true, passive: true });

  type Frame = { part: Element; text: string; outcome: SeenAnswer['outcome'] };
  const frames: (Frame | null)[] = [];
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = () => {
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
  };
  const readFrame = (): void => {
    isFrameRequested = false;
    const element = find();
    const part = element?.querySelector(text);
    const outcome = element?.matches(complete)
      ? 'complete'
      : element?.matches(failed)
        ? 'failed'
        : 'unfinished';
    const shown = part ?? element;
    frames.push(shown ? { part: shown, text: part?.textContent ?? '', outcome } : null);
    afterFrame.port2.postMessage(null);
  };
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
  return { ended, seen, stop };
}
