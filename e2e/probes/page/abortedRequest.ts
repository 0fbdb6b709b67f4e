import type { Page } from '@playwright/test';

/** What the page's own Resource Timing says of a request. */
export type ResourceEntry = {
  url: string;
  /** ms since the epoch by the page's clock. */
  startAtMs: number;
  /** Since `startAtMs`. */
  responseEndMs: number;
  /** Whether the server lets the page see more than the start, the end and the status: the sizes below are 0 otherwise. */
  isOpen: boolean;
  /** 0 where the page gave the request up. */
  status: number;
  encodedBodyBytes: number;
  decodedBodyBytes: number;
};

/** What CDP saw of a request that Chromium calls aborted. */
export type AbortedRequest = {
  method: string;
  /** null where no answer had begun. */
  status: number | null;
  /** Bytes of the body that were handed to the page. */
  receivedBytes: number;
  /** As announced; null where the answer did not, or where it is packed, so that it says nothing of `receivedBytes`. */
  contentLengthBytes: number | null;
};

/**
 * Whether a request that ended in net::ERR_ABORTED was read to its end all the same.
 *
 * Chromium reports a `fetch` with `Cache-Control: no-store` (and one with a status that has no body) so, where the page reads the
 * body piece by piece: the page has the last byte and lets go of the request before the network's word that it is over arrives, which looks
 * as if it had given it up (https://github.com/microsoft/playwright/issues/42742). CDP's events are the same for both. The page's
 * Resource Timing is not: a request that was given up has no status (by an AbortSignal) or no size (by cancelling the stream), since the size
 * is written down when the network says that it is over. Measured with Chromium 156; the tests of `requestPhases` hold it.
 *
 * `unknown` where neither Resource Timing nor a content length can tell: another origin that sends no `Timing-Allow-Origin`, a buffer of
 * entries that was full (250) or went with its document, or an empty body without a length.
 */
export function classifyAbort(
  request: AbortedRequest,
  entry: ResourceEntry | null,
): 'readToEnd' | 'givenUp' | 'unknown' {
  const { status, method, receivedBytes, contentLengthBytes } = request;
  if (status === null) return 'givenUp';
  if (status === 204 || status === 205 || method === 'HEAD') return 'readToEnd';
  if (contentLengthBytes !== null && receivedBytes < contentLengthBytes) return 'givenUp';
  if (entry?.status === 0) return 'givenUp';
  if (entry?.isOpen === true && receivedBytes > 0) {
    return entry.decodedBodyBytes === receivedBytes ? 'readToEnd' : 'givenUp';
  }
  return contentLengthBytes === null ? 'unknown' : 'readToEnd';
}

/**
 * What the page's Resource Timing holds: at most 250 entries since the document was loaded. Empty where the page has gone,
 * since nothing can be asked of it then.
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
