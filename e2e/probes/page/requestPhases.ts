import type { Page } from '@playwright/test';
import type { ResourceEntry } from './howAborted.ts';
import { type LoggedHop, type LoggedRequest, requestLog } from './requestLog.ts';
import type { RequestTiming } from './requestTiming.ts';
import { resourceEntries } from './resourceEntries.ts';
import { isAborted, timingOfHop } from './timingOfHop.ts';

/** A recording of the requests of a page. */
export type RequestRecording = {
  /** All requests since the recording began, in the order in which the page asked for them; those that go on are `unfinished`. */
  read: () => Promise<RequestTiming[]>;
  /** `read`, and no more recording. */
  stop: () => Promise<RequestTiming[]>;
};

/**
 * Records every request of a page by phase, from the Network domain of CDP, until `stop`. `requestIdHeader` names the response header whose
 * value ties a request to the API's log.
 *
 * Requests over HTTP only, of the page and of its frames of the same site: `data:` and `blob:` cost no network, web sockets are no requests,
 * and workers have sessions of their own. CDP's monotonic times become times since the epoch by the pair of clocks that Chromium reads
 * when it issues a request, so that a time can be compared with those of other processes on the machine.
 */
export async function requestPhases(
  page: Page,
  { requestIdHeader = null }: { requestIdHeader?: string | null } = {},
): Promise<RequestRecording> {
  const session = await page.context().newCDPSession(page);
  const requests = requestLog(session);
  await session.send('Network.enable');
  const read = async (): Promise<RequestTiming[]> => {
    // What the page's process and the browser's told before they answer this has arrived when they have.
    await Promise.allSettled([
      session.send('Runtime.evaluate', { expression: '0' }),
      session.send('Network.getSecurityIsolationStatus'),
    ]);
    const logged = [...requests.values()];
    const hasAborted = logged.some(({ hops }) => hops.some(isAborted));
    const entries = hasAborted ? await resourceEntries(page) : [];
    return logged.flatMap((request) =>
      request.hops.map((hop, hopIndex) =>
        timingOfHop(hop, {
          request,
          hopIndex,
          entry: isAborted(hop) ? entryOf(request, entries) : null,
          requestIdHeader: requestIdHeader === null ? null : requestIdHeader.toLowerCase(),
        }),
      ),
    );
  };
  return {
    read,
    stop: async () => {
      const timings = await read();
      // Of a page that is closed, what was recorded is still to be had.
      await session.detach().catch(() => undefined);
      return timings;
    },
  };
}

/** The two clocks of a page and of CDP start from the same one and drift by far less; questions to one address follow each other more slowly. */
const SAME_START_MS = 100;

/** The page's entry of a request: the one of its address that began nearest to it. */
function entryOf({ hops }: LoggedRequest, entries: ResourceEntry[]): ResourceEntry | null {
  const first: LoggedHop | undefined = hops[0];
  if (first === undefined) return null;
  const distance = (entry: ResourceEntry) => Math.abs(entry.startAtMs - first.issuedAtMs);
  const [nearest] = entries
    .filter((entry) => entry.url.split('#')[0] === first.url && distance(entry) < SAME_START_MS)
    .sort((a, b) => distance(a) - distance(b));
  return nearest ?? null;
}
