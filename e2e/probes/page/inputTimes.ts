import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** A click or key press. */
export type Input = {
  kind: 'click' | 'key';
  /** When the browser got it, before any script ran, in ms since the epoch by the page's clock. */
  atMs: number;
};

export type InputWatch = {
  /** All clicks and keys so far, in order. @throws HarnessError PAGE_LOST */
  read: () => Promise<Input[]>;
};

/**
 * Watches for clicks and keys on a page. It uses the clock of `answerTiming`, so the time from input to paint has no harness time in
 * it.
 */
export async function inputTimes(page: Page): Promise<InputWatch> {
  const watcher = await page.evaluateHandle(() => {
    const seen: Input[] = [];
    const onInput = (event: Event): void => {
      // Leaves out events of scripts, and the click that Chromium creates from a key.
      if (!event.isTrusted || (event instanceof PointerEvent && event.detail === 0)) return;
      const kind = event.type === 'click' ? 'click' : 'key';
      seen.push({ kind, atMs: performance.timeOrigin + event.timeStamp });
    };
    addEventListener('click', onInput, { capture: true, passive: true });
    addEventListener('keydown', onInput, { capture: true, passive: true });
    return seen;
  });
  return {
    read: () =>
      readFromPage(
        'clicks and keys',
        watcher.evaluate((seen) => seen),
      ),
  };
}
