import type { Page } from '@playwright/test';
import { HarnessError } from '../../core/harnessError.ts';

/**
 * What was asked of a page, or why it could not be: it crashed, was closed, or shows another document than the one that was watched.
 * `measured` names what is lost with it, such as "the answer". @throws HarnessError PAGE_LOST
 */
export async function readFromPage<Value>(measured: string, asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    const [said] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new HarnessError({
      code: 'PAGE_LOST',
      summary: `The page was gone before ${measured} could be read from it.`,
      found: said ?? 'no reason',
      expected: 'the document that was opened for measuring, until it is read',
      remedy: 'see that nothing leaves, reloads or closes the page while it is measured',
    });
  }
}

/** A page that may be lost meanwhile. */
type WatchedPage = {
  /** The promise, or the loss of the page where that comes first: a page that crashed answers nothing more. */
  unlessLost: <T>(promise: Promise<T>) => Promise<T>;
} & Disposable;

/** Tells of a page that crashes or is closed, until it is disposed of. */
export function watchPage(page: Page): WatchedPage {
  const loss = Promise.withResolvers<never>();
  // Where nobody waits at that moment, the loss is told to whoever waits next.
  loss.promise.catch(() => undefined);
  const onCrash = () => loss.reject(pageLost('it crashed'));
  const onClose = () => loss.reject(pageLost('it was closed'));
  page.once('crash', onCrash);
  page.once('close', onClose);
  return {
    unlessLost: (promise) => Promise.race([loss.promise, promise]),
    [Symbol.dispose]() {
      page.off('crash', onCrash);
      page.off('close', onClose);
    },
  };
}

export function pageLost(what: string): HarnessError {
  return new HarnessError({
    code: 'PAGE_LOST',
    summary: 'The heap of the page could not be followed.',
    found: what,
    expected: 'one document that stays for all iterations',
    remedy:
      'see that an iteration leaves the page where it was and that the browser has memory enough',
  });
}
