import type { Page } from '@playwright/test';

/** An entry of the page's Resource Timing. */
export type ResourceEntry = {
  url: string;
  /** ms since the epoch by the page's clock. */
  startAtMs: number;
  /** Since `startAtMs`. */
  responseEndMs: number;
  /** Whether the server lets the page see sizes (`Timing-Allow-Origin`): they are 0 otherwise. */
  isOpen: boolean;
  /** 0 if the page aborted the request. */
  status: number;
  encodedBodyBytes: number;
  decodedBodyBytes: number;
};

/** A request that Chromium reports as aborted, from CDP. */
export type AbortedRequest = {
  method: string;
  /** Null if no answer had begun. */
  status: number | null;
  /** Bytes of the body that the page got. */
  receivedBytes: number;
  /** Null if the answer has none, or is encoded and so not comparable with `receivedBytes`. */
  contentLengthBytes: number | null;
};

/**
 * Whether the page read a request that ended in net::ERR_ABORTED to its end.
 *
 * Chromium reports a `fetch` with `Cache-Control: no-store` (or a status without a body) as aborted if the page reads the body piece
 * by piece: the page has the last byte and releases the request before the network reports its end
 * (https://github.com/microsoft/playwright/issues/42742). CDP's events are the same as for a real abort, but the page's Resource
 * Timing differs: a real abort has no status (AbortSignal) or no size (cancelled stream), since the size is written at the end.
 * Measured with Chromium 156; the tests of `requestPhases` check it.
 *
 * `unknown` if neither Resource Timing nor a content length can tell: another origin without `Timing-Allow-Origin`, a full buffer of
 * entries (250) or one that went with its document, or an empty body without a length.
 */
export function classifyAbort(
  request: AbortedRequest,
  entry: ResourceEntry | null,
): 'readToEnd' | 'aborted' | 'unknown' {
  const { status, method, receivedBytes, contentLengthBytes } = request;
  if (status === null) return 'aborted';
  if (status === 204 || status === 205 || method === 'HEAD') return 'readToEnd';
  if (contentLengthBytes !== null && receivedBytes < contentLengthBytes) return 'aborted';
  if (entry?.status === 0) return 'aborted';
  if (entry?.isOpen === true && receivedBytes > 0) {
    return entry.decodedBodyBytes === receivedBytes ? 'readToEnd' : 'aborted';
  }
  return contentLengthBytes === null ? 'unknown' : 'readToEnd';
}

/**
 * Reads the page's Resource Timing: at most 250 entries since the document was loaded; none if the page is gone.
 */
export async function resourceEntries(page: Page): Promise<ResourceEntry[]> {
  try {
    return await page.evaluate(() =>
      performance.getEntriesByType('resource').map((entry) => {
        const timing = entry as PerformanceResourceTiming;
        return {
          url: timing.name,
          startAtMs: performance.timeOrigin + timing.startTime,
          responseEndMs: timing.responseEnd - timing.startTime,
          isOpen: timing.requestStart > 0,
          status: timing.responseStatus,
          encodedBodyBytes: timing.encodedBodySize,
          decodedBodyBytes: timing.decodedBodySize,
        };
      }),
    );
  } catch {
    return [];
  }
}
