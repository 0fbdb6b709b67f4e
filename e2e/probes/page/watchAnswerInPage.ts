/** How an answer is found on a page, all of it CSS, so that the watching knows nothing of any page. */
export type AnswerSelectors = {
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
export type SeenAnswer = {
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
export type AnswerWatcher = {
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
export function watchAnswerInPage({
  answer,
  text,
  complete,
  failed,
}: AnswerSelectors): AnswerWatcher {
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
