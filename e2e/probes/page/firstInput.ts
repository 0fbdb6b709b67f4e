import type { Page } from '@playwright/test';
import { fromPage } from './fromPage.ts';

/** A watch for what the person in front of a page does first. */
export type InputWatch = {
  /** When that was, in ms since the epoch by the page's clock; null where there was nothing yet. @throws HarnessError PAGE_LOST */
  read: () => Promise<number | null>;
};

/**
 * Watches for the first click or key on a page from now on: the moment at which the browser got it, before any script ran. By the same
 * clock as `answerTiming`, so that the time from this input to what was painted later holds nothing of the harness's own clock.
 */
export async function firstInput(page: Page): Promise<InputWatch> {
  const watcher = await page.evaluateHandle(() => {
    const seen = { atMs: null as number | null };
    const onInput = (event: Event): void => {
      // What a script makes up, nobody did.
      if (!event.isTrusted) return;

      seen.atMs ??= performance.timeOrigin + event.timeStamp;
      removeEventListener('click', onInput, { capture: true });
      removeEventListener('keydown', onInput, { capture: true });
    };
    addEventListener('click', onInput, { capture: true, passive: true });
    addEventListener('keydown', onInput, { capture: true, passive: true });
    return seen;
  });
  return {
    read: () =>
      fromPage(
        'the first input',
        watcher.evaluate(({ atMs }) => atMs),
      ),
  };
}
