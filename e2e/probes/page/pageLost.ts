import type { Page } from '@playwright/test';
import { HarnessError } from '../../core/harnessError.ts';

/**
 * Awaits a value from a page.
 * @param measured what is lost if that fails, for example "the answer"
 * @throws HarnessError PAGE_LOST if the page crashed, was closed or shows another document than the watched one
 */
export async function readFromPage<Value>(measured: string, value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    const [found = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw pageLost(measured, found);
  }
}

/** Watches for a crash or the closing of a page until it is disposed; `measured` as for `readFromPage`. */
export function watchPage(page: Page, measured: string) {
  const loss = Promise.withResolvers<never>();
  // Nothing may await it at that moment; the next `unlessLost` rejects.
  loss.promise.catch(() => undefined);
  const onCrash = () => loss.reject(pageLost(measured, 'it crashed'));
  const onClose = () => loss.reject(pageLost(measured, 'it was closed'));
  page.once('crash', onCrash);
  page.once('close', onClose);
  return {
    /** Rejects if the page is lost before the promise settles: a page that crashed never answers. */
    unlessLost: <T>(promise: Promise<T>): Promise<T> => Promise.race([loss.promise, promise]),
    [Symbol.dispose]() {
      page.off('crash', onCrash);
      page.off('close', onClose);
    },
  };
}

export function pageLost(measured: string, found: string): HarnessError {
  return new HarnessError({
    code: 'PAGE_LOST',
    summary: `The page was gone before ${measured} could be read from it.`,
    found,
    expected: 'the document that was opened for measuring, until it is read',
    remedy:
      'see that nothing leaves, reloads or closes the page while it is measured, and that the browser has enough memory',
  });
}
