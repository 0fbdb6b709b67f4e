import type { Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** A click or a key that was pressed. */
export type Input = {
  kind: 'click' | 'key';
  /** When the browser got it, before any script ran: ms since the epoch by the page's clock. */
  atMs: number;
};

/** A watch for what the person in front of a page does. */
export type InputWatch = {
  /** All clicks and keys so far, in their order. @throws HarnessError PAGE_LOST */
  read: () => Promise<Input[]>;
};

/**
 * Watches for clicks and keys on a page from now on. By the same clock as `answerTiming`, so that the time from an input to what was
 * painted later holds nothing of the harness's own.
 */
export async function inputTimes(page: Page): Promise<InputWatch> {
  const watcher = await page.evaluateHandle(() => {
    const seen: Input[] = [];
    const onInput = (event: Event): void => {
      // What a script makes up, nobody did; nor the click that Chromium makes of a key.
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
