import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import type {
  CLSMetricWithAttribution,
  INPMetricWithAttribution,
  LCPMetricWithAttribution,
} from 'web-vitals/attribution';
import { readFromPage } from './pageLost.ts';

/** A page whose vitals are collected from its next navigation on. */
type VitalsCollection = {
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
    read: () => readFromPage('its vitals', readVitals(session)),
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

/** A box in CSS pixels of the viewport. */
type Box = { x: number; y: number; width: number; height: number };

/** The web vitals of one visit to a page, in the lab. Null where Chromium told of none; durations since the navigation began. */
export type PageVitals = {
  ttfbMs: number | null;
  fcpMs: number | null;
  /** Largest contentful paint until the first click or key, with the four parts that make it up. */
  lcp: {
    valueMs: number;
    /** CSS selector; null where the element is gone. */
    element: string | null;
    /** Of the picture; null for text. */
    url: string | null;
    timeToFirstByteMs: number;
    resourceLoadDelayMs: number;
    resourceLoadMs: number;
    elementRenderDelayMs: number;
  } | null;
  /** Cumulative layout shift: a score without a unit, 0 where nothing moved. What moves within 500 ms of an input does not count. */
  cls: {
    score: number;
    largestShift: {
      score: number;
      atMs: number;
      sources: { element: string | null; before: Box; after: Box }[];
    } | null;
  } | null;
  /**
   * Interaction to next paint of the clicks and keys of a test, which is not what the field's users would have done: the longest of them, or from 50 on
   * the longest but one in 50. Chromium tells it in steps of 8 ms, and not below 16. Null without an interaction.
   */
  labInp: {
    valueMs: number;
    target: string | null;
    kind: 'pointer' | 'keyboard' | null;
    atMs: number | null;
    inputDelayMs: number;
    processingMs: number;
    presentationDelayMs: number;
    longestScriptUrl: string | null;
  } | null;
};

type WebVitals = typeof import('web-vitals/attribution');

/**
 * Runs at the start of every document, with the library as its argument and nothing else; gives back what reads the values. Every
 * change is reported and the last one kept, since the page is not left before it is asked.
 */
function collectVitals(library: WebVitals): () => Promise<PageVitals> {
  let ttfbMs: number | null = null;
  let fcpMs: number | null = null;
  let lcp: LCPMetricWithAttribution | null = null;
  let cls: CLSMetricWithAttribution | null = null;
  let inp: INPMetricWithAttribution | null = null;
  const opts = { reportAllChanges: true };
  library.onTTFB(({ value }) => {
    ttfbMs = value;
  });
  library.onFCP(({ value }) => {
    fcpMs = value;
  });
  library.onLCP((metric) => {
    lcp = metric;
  }, opts);
  library.onCLS((metric) => {
    cls = metric;
  }, opts);
  // 16 ms is the least that Chromium tells of; the library's own default leaves out what is below 40.
  library.onINP(
    (metric) => {
      inp = metric;
    },
    { ...opts, durationThreshold: 16 },
  );

  const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;
  /** Short and readable, rather than one that finds the element for certain. */
  const nameOf = (node: Node | null | undefined): string | null => {
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return null;
    const id = element.id === '' ? '' : `#${element.id}`;
    return [element.localName + id, ...element.classList].join('.');
  };
  const boxOf = ({ x, y, width, height }: DOMRectReadOnly) => ({ x, y, width, height });

  const lcpNow = (): PageVitals['lcp'] => {
    if (lcp === null) return null;
    const { value, attribution } = lcp;
    return {
      valueMs: value,
      element: orNull(attribution.target),
      url: attribution.url === undefined || attribution.url === '' ? null : attribution.url,
      timeToFirstByteMs: attribution.timeToFirstByte,
      resourceLoadDelayMs: attribution.resourceLoadDelay,
      resourceLoadMs: attribution.resourceLoadDuration,
      elementRenderDelayMs: attribution.elementRenderDelay,
    };
  };
  const clsNow = (): PageVitals['cls'] => {
    if (cls === null) return null;
    const { value, attribution } = cls;
    const shift = attribution.largestShiftEntry;
    return {
      score: value,
      largestShift:
        shift === undefined
          ? null
          : {
              score: shift.value,
              atMs: performance.timeOrigin + shift.startTime,
              sources: shift.sources.map(({ node, previousRect, currentRect }) => ({
                element: nameOf(node),
                before: boxOf(previousRect),
                after: boxOf(currentRect),
              })),
            },
    };
  };
  const inpNow = (): PageVitals['labInp'] => {
    if (inp === null) return null;
    const { value, attribution } = inp;
    const { interactionTime, longestScript } = attribution;
    return {
      valueMs: value,
      target: orNull(attribution.interactionTarget),
      kind: orNull(attribution.interactionType),
      atMs: interactionTime === undefined ? null : performance.timeOrigin + interactionTime,
      inputDelayMs: attribution.inputDelay,
      processingMs: attribution.processingDuration,
      presentationDelayMs: attribution.presentationDelay,
      longestScriptUrl: orNull(longestScript?.entry.sourceURL),
    };
  };

  return async () => {
    // An interaction is told of after its frame was presented, and the library takes it up when the page is idle.
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 }));
    }
    return { ttfbMs, fcpMs, lcp: lcpNow(), cls: clsNow(), labInp: inpNow() };
  };
}

/**
 * Has Chromium present every frame of a page that has no window, as on a screen, from now on. An interaction lasts until its frame is presented,
 * and without a window Chromium 156 presents some frames only when something larger is drawn: on one page the frames after 37 keys were told
 * with the click that followed, an INP of 1.9 s where each took 40 ms.
 *
 * What brings it about is a screencast, of a few pixels and so seldom that no picture is sent. Each frame is copied for it, so that it comes
 * after the load, whose paints are told without it: answers came some 10 ms later with it on two busy cores (8 pairs, 283 and 293 ms).
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
