import type { Page } from '@playwright/test';
import { type ResourceEntry, resourceEntries } from './abortedRequest.ts';
import { type LoggedRequest, requestLog } from './requestLog.ts';
import { deriveRequestTiming, isAborted, type RequestTiming } from './requestTiming.ts';

export type RequestRecording = {
  /** All requests since the recording began, in the order in which the page sent them. */
  read: () => Promise<RequestTiming[]>;
  /** Reads and ends the recording. */
  stop: () => Promise<RequestTiming[]>;
};

/**
 * Records the phases of every request of a page from CDP's Network domain until `stop`. `requestIdHeader` names the response header
 * whose value links a request to the API's log.
 *
 * Only HTTP requests of the page and its frames of the same site: `data:` and `blob:` need no network, and workers have their own
 * sessions. Chromium reads both clocks when it issues a request, which converts CDP's monotonic times to times since the epoch.
 */
export async function requestPhases(
  page: Page,
  { requestIdHeader = null }: { requestIdHeader?: string | null } = {},
): Promise<RequestRecording> {
  const session = await page.context().newCDPSession(page);
  const requests = requestLog(session);
  await session.send('Network.enable');
  const read = async (): Promise<RequestTiming[]> => {
    // Once these are answered, all earlier events of the page's and the browser's process have arrived.
    await Promise.allSettled([
      session.send('Runtime.evaluate', { expression: '0' }),
      session.send('Network.getSecurityIsolationStatus'),
    ]);
    const logged = [...requests.values()];
    const hasAborted = logged.some(({ hops }) => hops.some(isAborted));
    const entries = hasAborted ? await resourceEntries(page) : [];
    return logged.flatMap((request) =>
      request.hops.map((hop, hopIndex) =>
        deriveRequestTiming(hop, {
          request,
          hopIndex,
          entry: isAborted(hop) ? findEntry(request, entries) : null,
          requestIdHeader: requestIdHeader === null ? null : requestIdHeader.toLowerCase(),
        }),
      ),
    );
  };
  return {
    read,
    stop: async () => {
      const timings = await read();
      // The recording outlives its page.
      await session.detach().catch(() => undefined);
      return timings;
    },
  };
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
