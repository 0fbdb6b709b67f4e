import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { readFromPage } from './pageLost.ts';

/** Name of the isolated world, which has the page's document but not its globals. */
const WORLD = 'vitals';

/**
 * Collects the web vitals of every document that a page opens from now on, with the web-vitals library in an isolated world, which the
 * application does not see. A test that presses keys must call `presentEveryFrame` first.
 */
export async function collectVitals(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `globalThis.readVitals = (() => { ${librarySource()}\nreturn (${collectInPage})(webVitals); })();`,
    worldName: WORLD,
  });
  return {
    /** The present vitals of the shown document. @throws HarnessError PAGE_LOST, also before the first navigation */
    read: () => readFromPage('its vitals', readVitals(session)),
  };
}

async function readVitals(session: CDPSession): Promise<PageVitals> {
  const { frameTree } = await session.send('Page.getFrameTree');
  // An existing world of this name is reused.
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

/** A script that defines `webVitals`; the package does not export it, so it is found beside the module. */
function librarySource(): string {
  const module = import.meta.resolve('web-vitals/attribution');
  return readFileSync(new URL('web-vitals.attribution.iife.js', module), 'utf8');
}

/** Lab web vitals of one visit to a page. Null if Chromium reported none; durations start at the navigation. */
export type PageVitals = {
  ttfbMs: number | null;
  fcpMs: number | null;
  /** Largest contentful paint until the first input, with its four parts. */
  lcp: {
    valueMs: number;
    /** CSS selector; null if the element is gone. */
    element: string | null;
    timeToFirstByteMs: number;
    resourceLoadDelayMs: number;
    resourceLoadMs: number;
    elementRenderDelayMs: number;
  } | null;
  /** Cumulative layout shift, without a unit. Shifts within 500 ms of an input do not count. */
  cls: {
    score: number;
    /** `elements` that moved, without those that are gone. */
    largestShift: { score: number; elements: string[] } | null;
  } | null;
  /**
   * Interaction to next paint of a test's inputs, which differ from those of field users: the longest, leaving out one per 50.
   * Chromium reports steps of 8 ms, from 16 ms on. Null without an interaction.
   */
  labInp: {
    valueMs: number;
    target: string | null;
    inputDelayMs: number;
    processingMs: number;
    presentationDelayMs: number;
  } | null;
};

type WebVitals = typeof import('web-vitals/attribution');

/**
 * Runs in the page at the start of every document: it must use nothing from outside but its argument. Returns the function that
 * reads the last reported values.
 */
function collectInPage(library: WebVitals): () => Promise<PageVitals> {
  const vitals: PageVitals = { ttfbMs: null, fcpMs: null, lcp: null, cls: null, labInp: null };
  // Vitals are final when the page is hidden; this gives the same value while the page is still open.
  const options = { reportAllChanges: true };
  /** Short and readable rather than unique. */
  const describeNode = (node: Node | null | undefined): string[] => {
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return [];
    const id = element.id === '' ? '' : `#${element.id}`;
    return [[element.localName + id, ...element.classList].join('.')];
  };
  library.onTTFB(({ value }) => {
    vitals.ttfbMs = value;
  });
  library.onFCP(({ value }) => {
    vitals.fcpMs = value;
  });
  library.onLCP(({ value, attribution }) => {
    vitals.lcp = {
      valueMs: value,
      element: attribution.target ?? null,
      timeToFirstByteMs: attribution.timeToFirstByte,
      resourceLoadDelayMs: attribution.resourceLoadDelay,
      resourceLoadMs: attribution.resourceLoadDuration,
      elementRenderDelayMs: attribution.elementRenderDelay,
    };
  }, options);
  library.onCLS(({ value, attribution: { largestShiftEntry: shift } }) => {
    const elements = shift?.sources.flatMap(({ node }) => describeNode(node)) ?? [];
    const largestShift = shift === undefined ? null : { score: shift.value, elements };
    vitals.cls = { score: value, largestShift };
  }, options);
  library.onINP(
    ({ value, attribution }) => {
      vitals.labInp = {
        valueMs: value,
        target: attribution.interactionTarget ?? null,
        inputDelayMs: attribution.inputDelay,
        processingMs: attribution.processingDuration,
        presentationDelayMs: attribution.presentationDelay,
      };
    },
    // Chromium reports from 16 ms on; the library's default leaves out values below 40.
    { ...options, durationThreshold: 16 },
  );
  return async () => {
    // Chromium reports an interaction after its frame is presented, and the library reads it when the page is idle.
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 }));
    }
    return vitals;
  };
}

/**
 * Makes headless Chromium present every frame, as on a screen, by a screencast too rare to send a picture: an interaction lasts until its
 * frame is presented, which Chromium 156 delayed by up to 1.9 s. Call it after the load, since it makes answers some 10 ms slower.
 */
export async function presentEveryFrame(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.startScreencast', {
    format: 'jpeg',
    quality: 0,
    maxWidth: 8,
    maxHeight: 8,
    everyNthFrame: 1_000_000,
  });
}
