import type {
  CLSMetricWithAttribution,
  INPMetricWithAttribution,
  LCPMetricWithAttribution,
} from 'web-vitals/attribution';
import type { PageVitals } from './pageVitals.ts';

type WebVitals = typeof import('web-vitals/attribution');

/**
 * Runs at the start of every document, with the library as its argument and nothing else; gives back what reads the values. Every
 * change is reported and the last one kept, since the page is not left before it is asked.
 */
export function collectVitals(library: WebVitals): () => Promise<PageVitals> {
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
