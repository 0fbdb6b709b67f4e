import type { CDPSession, Page } from '@playwright/test';
import {
  deriveRequestTiming,
  isAborted,
  type LoggedHop,
  type LoggedRequest,
  type RequestTiming,
  type ResourceEntry,
} from './requestTiming.ts';

/**
 * Records the phases of every request of a page from CDP's Network domain until `stop`. `requestIdHeader` names the response header
 * whose value links a request to the API's log.
 *
 * Only HTTP requests of the page and its frames of the same site: `data:` and `blob:` need no network, and workers have their own
 * sessions. Chromium reads both clocks when it issues a request, which converts CDP's monotonic times to times since the epoch.
 */
export async function recordRequests(
  page: Page,
  { requestIdHeader = null }: { requestIdHeader?: string | null } = {},
) {
  const session = await page.context().newCDPSession(page);
  const requests = logRequests(session);
  await session.send('Network.enable');
  return {
    /** All requests since the recording began, in the order in which the page sent them. */
    stop: async (): Promise<RequestTiming[]> => {
      // Once these are answered, all earlier events of the page's and the browser's process have arrived.
      await Promise.allSettled([
        session.send('Runtime.evaluate', { expression: '0' }),
        session.send('Network.getSecurityIsolationStatus'),
      ]);
      const logged = [...requests.values()];
      const hasAborted = logged.some(({ hops }) => hops.some(isAborted));
      const entries = hasAborted ? await readResourceEntries(page) : [];
      // The recording outlives its page.
      await session.detach().catch(() => undefined);
      return logged.flatMap((request) =>
        request.hops.map((hop, hopIndex) =>
          deriveRequestTiming(request, hopIndex, {
            entry: isAborted(hop) ? findEntry(request, entries) : null,
            requestIdHeader,
          }),
        ),
      );
    },
  };
}

/** Collects the Network events of a session by request, in the order of issue. */
function logRequests(session: CDPSession): Map<string, LoggedRequest> {
  const requests = new Map<string, LoggedRequest>();
  // Raw heads come from another process than the rest, and may come before it.
  const rawHeads = new Map<string, LoggedRequest['rawHeads']>();
  const findRawHeads = (id: string): LoggedRequest['rawHeads'] => {
    const heads = rawHeads.get(id) ?? [];
    rawHeads.set(id, heads);
    return heads;
  };
  const findLastHop = (id: string): LoggedHop | undefined => requests.get(id)?.hops.at(-1);
  const updateLastHop = (id: string, changes: Partial<LoggedHop>): void => {
    Object.assign(findLastHop(id) ?? {}, changes);
  };

  session.on('Network.requestWillBeSent', (event) => {
    const { requestId, request, type, timestamp, wallTime, redirectResponse } = event;
    if (!/^https?:/.test(request.url)) return;
    const hop: LoggedHop = {
      url: request.url,
      method: request.method,
      resourceType: type ?? 'Other',
      issuedMs: timestamp * 1000,
      issuedAtMs: wallTime * 1000,
      response: null,
      isRedirect: false,
      endMs: null,
      failure: null,
      canceled: false,
      receivedBytes: 0,
      receivedEncodedBytes: 0,
      encodedBytes: null,
      expectsRawHead: false,
    };
    const known = requests.get(requestId);
    if (known === undefined || redirectResponse === undefined) {
      requests.set(requestId, {
        hops: [hop],
        rawHeads: findRawHeads(requestId),
        fromMemoryCache: false,
      });
      return;
    }
    updateLastHop(requestId, {
      response: redirectResponse,
      isRedirect: true,
      endMs: hop.issuedMs,
      encodedBytes: redirectResponse.encodedDataLength,
      expectsRawHead: event.redirectHasExtraInfo,
    });
    known.hops.push(hop);
  });
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode, headers }) => {
    findRawHeads(requestId).push({ status: statusCode, headers });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => {
    const request = requests.get(requestId);
    if (request !== undefined) request.fromMemoryCache = true;
  });
  session.on('Network.responseReceived', ({ requestId, response, type, hasExtraInfo }) => {
    updateLastHop(requestId, { response, resourceType: type, expectsRawHead: hasExtraInfo });
  });
  session.on('Network.dataReceived', ({ requestId, dataLength, encodedDataLength }) => {
    const hop = findLastHop(requestId);
    if (hop === undefined) return;
    hop.receivedBytes += dataLength;
    hop.receivedEncodedBytes += encodedDataLength;
  });
  session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    updateLastHop(requestId, { endMs: timestamp * 1000, encodedBytes: encodedDataLength });
  });
  session.on('Network.loadingFailed', ({ requestId, timestamp, errorText, canceled, type }) => {
    updateLastHop(requestId, {
      endMs: timestamp * 1000,
      failure: errorText,
      canceled: canceled === true,
      resourceType: type,
    });
  });
  return requests;
}

/** Reads the page's Resource Timing: at most 250 entries since the document was loaded; none if the page is gone. */
async function readResourceEntries(page: Page): Promise<ResourceEntry[]> {
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

/** More than the clocks of page and CDP drift apart, less than two requests to one URL are apart. */
const SAME_START_MS = 100;

/** The page's entry for a request: the one with its URL that began closest to it. */
function findEntry({ hops }: LoggedRequest, entries: ResourceEntry[]): ResourceEntry | null {
  const [first] = hops;
  if (first === undefined) return null;
  const distance = (entry: ResourceEntry) => Math.abs(entry.startAtMs - first.issuedAtMs);
  const [nearest] = entries
    .filter((entry) => entry.url.split('#')[0] === first.url && distance(entry) < SAME_START_MS)
    .sort((a, b) => distance(a) - distance(b));
  return nearest ?? null;
}
