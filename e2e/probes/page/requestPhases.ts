import type { Page } from '@playwright/test';
import { type ResourceEntry, resourceEntries } from './abortedRequest.ts';
import { type LoggedHop, type LoggedRequest, requestLog } from './requestLog.ts';
import {
  deriveRequestTiming,
  isAborted,
  type RequestPhases,
  type RequestTiming,
} from './requestTiming.ts';

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
        deriveRequestTiming(hop, {
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

/** The part of CDP's Network.ResourceTiming that the phases are made of: `requestTime` in seconds of Chromium's monotonic clock, all else in ms after it, −1 for what did not take place. */
export type NetworkTiming = {
  requestTime: number;
  dnsStart: number;
  dnsEnd: number;
  connectStart: number;
  connectEnd: number;
  sslStart: number;
  sslEnd: number;
  sendStart: number;
  sendEnd: number;
  receiveHeadersStart?: number;
  receiveHeadersEnd: number;
};

/** No phase at all, as of an answer from a cache. */
export const NO_PHASES: RequestPhases = {
  queueMs: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  downloadMs: null,
};

/**
 * The phases of a request that went to the network. `issuedMs` is when the page asked for it and `endMs` when its last byte came
 * (null where it did not), both in ms of Chromium's monotonic clock. Their sum is the whole time from one to the other:
 * what is not one of the other phases before the request is sent is queueing.
 */
export function derivePhases(
  timing: NetworkTiming,
  issuedMs: number,
  endMs: number | null,
): RequestPhases {
  const baseMs = timing.requestTime * 1000;
  const dnsMs = between(timing.dnsStart, timing.dnsEnd);
  const tlsMs = between(timing.sslStart, timing.sslEnd);
  const connectMs = between(
    timing.connectStart,
    tlsMs === null ? timing.connectEnd : timing.sslStart,
  );
  const sendStartMs = timing.sendStart < 0 ? null : baseMs + timing.sendStart;
  const opened = [dnsMs, connectMs, tlsMs].reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  const firstByte = firstByteOf(timing);
  return {
    // A connection opened ahead for another request may count as its own, though it began before.
    queueMs: sendStartMs === null ? null : Math.max(0, sendStartMs - issuedMs - opened),
    dnsMs,
    connectMs,
    tlsMs,
    sendMs: between(timing.sendStart, timing.sendEnd),
    waitMs: firstByte === null ? null : between(timing.sendEnd, firstByte),
    downloadMs:
      firstByte === null || endMs === null ? null : Math.max(0, endMs - baseMs - firstByte),
  };
}

/** The first byte of the head; older versions of Chromium tell only its last. */
function firstByteOf({ receiveHeadersStart, receiveHeadersEnd }: NetworkTiming): number | null {
  if (receiveHeadersStart !== undefined && receiveHeadersStart > 0) return receiveHeadersStart;
  return receiveHeadersEnd > 0 ? receiveHeadersEnd : null;
}

function between(start: number, end: number): number | null {
  return start < 0 || end < 0 ? null : Math.max(0, end - start);
}
