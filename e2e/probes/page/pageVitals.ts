/** A box in CSS pixels of the viewport. */
export type Box = { x: number; y: number; width: number; height: number };

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
