import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { collectVitals } from './collectVitals.ts';
import { fromPage } from './fromPage.ts';
import type { PageVitals } from './pageVitals.ts';

/** A page whose vitals are collected from its next navigation on. */
export type VitalsCollection = {
  /** The vitals of the document that is shown now, as they stand. @throws HarnessError PAGE_LOST, also where no document was opened yet */
  read: () => Promise<PageVitals>;
};

/** A world of its own has the page's document, but none of its globals. */
const WORLD = 'vitals';

/**
 * Collects the web vitals of every document that a page opens from now on, by the web-vitals library with its attribution.
 *
 * The library runs in a JavaScript world of its own, as that of an extension: it sees the same document and the same timeline, and the
 * application sees nothing of it. Usually vitals are final when the page is hidden; here every change is reported (`reportAllChanges`) and the last
 * one read, which is the same value while the page is still there to be asked. Where keys are pressed, `presentEveryFrame` has to come first.
 */
export async function webVitals(page: Page): Promise<VitalsCollection> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `globalThis.readVitals = (() => { ${librarySource()}\nreturn (${collectVitals})(webVitals); })();`,
    worldName: WORLD,
  });
  return {
    read: () => fromPage('its vitals', readVitals(session)),
  };
}

async function readVitals(session: CDPSession): Promise<PageVitals> {
  const { frameTree } = await session.send('Page.getFrameTree');
  // Asked for by its name, a world that is there already is given back.
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: WORLD,
  });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: 'readVitals()',
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails === undefined) return result.value as PageVitals;
  throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
}

/** As a script that defines `webVitals`; the package exports its modules alone, which lie beside it. */
function librarySource(): string {
  const module = import.meta.resolve('web-vitals/attribution');
  return readFileSync(new URL('web-vitals.attribution.iife.js', module), 'utf8');
}
