import type { Protocol } from 'puppeteer-core';

/**
 * Phases of one request in ms. A phase that did not happen is null: DNS, connect and TLS on an open connection, all phases of an
 * answer from the cache, and those that a failed or unfinished request did not reach.
 */
type RequestPhases = {
  /** Chromium's waiting before it sends: for its turn, for a socket, between the phases of connecting. */
  queueMs: number | null;
  dnsMs: number | null;
  /** TCP without TLS. */
  connectMs: number | null;
  tlsMs: number | null;
  sendMs: number | null;
  /** From the request's last byte to the answer's first. */
  waitMs: number | null;
  /** From the answer's first byte to its last. */
  downloadMs: number | null;
};

/**
 * How a request ended:
 * - `finished`: the whole answer arrived, with any status;
 * - `redirected`: the next request of the list follows it;
 * - `failed`: it broke off, was refused, or the page aborted it; `failure` is Chromium's error;
 * - `undecided`: Chromium reports an abort, but the page may have read the whole answer (see `classifyAbort`);
 * - `unfinished`: it was under way when the recording ended.
 */
type RequestEnd = 'finished' | 'redirected' | 'failed' | 'undecided' | 'unfinished';

/** One request of a page as Chromium saw it. Times in ms since the epoch by the clock of the machine. */
export type RequestTiming = {
  url: string;
  method: string;
  /** Chromium's type, for example Document, Script or Fetch. */
  resourceType: string;
  status: number | null;
  /** `none` for the network, also if the server confirmed a cached copy (304); null without an answer. */
  fromCache: 'memory' | 'disk' | 'prefetch' | 'serviceWorker' | 'none' | null;
  startAtMs: number;
  endAtMs: number | null;
  phases: RequestPhases;
  /** Head and body of the answer on the wire; 0 from a cache, null if unknown. */
  encodedBytes: number | null;
  end: RequestEnd;
  /** For example net::ERR_CONNECTION_REFUSED; null for `finished`, `redirected` and `unfinished`. */
  failure: string | null;
  /** The value of the header `requestIdHeader`; null without it. */
  requestId: string | null;
};

/** One request, or one hop of a redirect chain, from CDP. `…Ms` are of Chromium's monotonic clock unless named `…AtMs`. */
export type LoggedHop = Pick<RequestTiming, 'url' | 'method' | 'resourceType' | 'failure'> & {
  issuedMs: number;
  /** `issuedMs` on the wall clock, in ms since the epoch: Chromium reads both clocks at once. */
  issuedAtMs: number;
  response: Protocol.Network.Response | null;
  isRedirect: boolean;
  endMs: number | null;
  canceled: boolean;
  /** Of the body, summed over its pieces. */
  receivedBytes: number;
  receivedEncodedBytes: number;
  /** Of head and body, reported at the end. */
  encodedBytes: number | null;
  expectsRawHead: boolean;
};

export type LoggedRequest = {
  hops: LoggedHop[];
  /** Heads as the network process saw them, of the hops that have one; the page's cache may replace them. */
  rawHeads: { status: number; headers: Record<string, string> }[];
  fromMemoryCache: boolean;
};

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

/** Derives the timing of one hop; `entry` is that of a request that Chromium reports as aborted. */
export function deriveRequestTiming(
  request: LoggedRequest,
  hopIndex: number,
  { entry, requestIdHeader }: { entry: ResourceEntry | null; requestIdHeader: string | null },
): RequestTiming {
  const hop = request.hops[hopIndex] as LoggedHop;
  const { response, issuedMs, issuedAtMs } = hop;
  const rawHead = findRawHead(request, hopIndex);
  const fromCache = response === null ? null : classifyCache(request, response, rawHead?.status);
  const isLocal = isFromCache(fromCache);
  const end = classifyEnd(hop, entry);
  const isReadToEnd = end === 'finished' && hop.failure !== null;
  // Chromium reports the abort after the end of the body, so the entry's time counts; it starts at the first hop.
  const endMs =
    isReadToEnd && entry !== null
      ? (request.hops[0]?.issuedMs ?? issuedMs) + entry.responseEndMs
      : hop.endMs;
  // The head of an answer from a cache belongs to the request that filled the cache.
  const headers = isLocal ? {} : (rawHead?.headers ?? response?.headers ?? {});
  return {
    url: hop.url,
    method: hop.method,
    resourceType: hop.resourceType,
    status: response?.status ?? null,
    fromCache,
    startAtMs: issuedAtMs,
    endAtMs: endMs === null ? null : issuedAtMs + endMs - issuedMs,
    phases:
      response?.timing === undefined || isLocal
        ? NO_PHASES
        : derivePhases(response.timing, issuedMs, end === 'failed' ? null : endMs),
    encodedBytes: countEncodedBytes(hop, isReadToEnd ? entry : null),
    end,
    failure: end === 'failed' || end === 'undecided' ? hop.failure : null,
    requestId: requestIdHeader === null ? null : findHeader(headers, requestIdHeader),
  };
}

/** Whether a cache answered it without the server. */
export function isFromCache(fromCache: RequestTiming['fromCache']): boolean {
  return fromCache === 'memory' || fromCache === 'disk' || fromCache === 'prefetch';
}

function findRawHead({ hops, rawHeads }: LoggedRequest, hopIndex: number) {
  if (hops[hopIndex]?.expectsRawHead !== true) return undefined;
  return rawHeads[hops.slice(0, hopIndex).filter((hop) => hop.expectsRawHead).length];
}

function classifyCache(
  { fromMemoryCache }: LoggedRequest,
  response: Protocol.Network.Response,
  rawStatus: number | undefined,
): RequestTiming['fromCache'] {
  // The server confirmed a cached copy.
  if (rawStatus === 304 && response.status !== 304) return 'none';
  if (fromMemoryCache) return 'memory';
  if (response.fromServiceWorker) return 'serviceWorker';
  if (response.fromPrefetchCache) return 'prefetch';
  return response.fromDiskCache ? 'disk' : 'none';
}

function classifyEnd(hop: LoggedHop, entry: ResourceEntry | null): RequestEnd {
  if (hop.isRedirect) return 'redirected';
  if (hop.endMs === null) return 'unfinished';
  if (hop.failure === null) return 'finished';
  return isAborted(hop) ? classifyAbort(hop, entry) : 'failed';
}

/** Whether Chromium reports that the page aborted it; the page may still have read the whole answer. */
export function isAborted({ failure, canceled }: LoggedHop): boolean {
  return failure === 'net::ERR_ABORTED' && canceled;
}

/**
 * Whether the page read a request that ended in net::ERR_ABORTED to its end: Chromium reports a `fetch` with `Cache-Control: no-store` so
 * if the page reads the body piece by piece (https://github.com/microsoft/playwright/issues/42742). CDP's events are those of a real
 * abort, but in the page's Resource Timing a real abort has no status (AbortSignal) or no size (cancelled stream). `undecided` if neither
 * that nor a content length can tell, as for another origin without `Timing-Allow-Origin`.
 */
export function classifyAbort(
  { response, method, receivedBytes }: Pick<LoggedHop, 'response' | 'method' | 'receivedBytes'>,
  entry: ResourceEntry | null,
): 'finished' | 'failed' | 'undecided' {
  if (response === null) return 'failed';
  const { status, headers } = response;
  if (status === 204 || status === 205 || method === 'HEAD') return 'finished';
  // The length of an encoded body is not comparable with the decoded bytes.
  const isEncoded = findHeader(headers, 'content-encoding') !== null;
  const length = isEncoded ? null : findHeader(headers, 'content-length');
  if (length !== null && receivedBytes < Number(length)) return 'failed';
  if (entry?.status === 0) return 'failed';
  if (entry?.isOpen === true && receivedBytes > 0) {
    return entry.decodedBodyBytes === receivedBytes ? 'finished' : 'failed';
  }
  return length === null ? 'undecided' : 'finished';
}

function countEncodedBytes(hop: LoggedHop, entry: ResourceEntry | null): number | null {
  if (hop.encodedBytes !== null) return hop.encodedBytes;
  if (hop.response === null || hop.endMs === null) return null;
  // CDP reports pieces late: the last ones of an aborted request are missing.
  const bodyBytes = entry?.isOpen === true ? entry.encodedBodyBytes : hop.receivedEncodedBytes;
  return hop.response.encodedDataLength + bodyBytes;
}

function findHeader(headers: Record<string, string>, name: string): string | null {
  const wanted = name.toLowerCase();
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === wanted);
  return found === undefined ? null : found[1];
}

const NO_PHASES: RequestPhases = {
  queueMs: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  downloadMs: null,
};

/**
 * The phases of a request over the network. `issuedMs` is when the page sent it and `endMs` when its last byte came (null if it
 * did not), both in ms of Chromium's monotonic clock. The phases add up to that time: the rest before sending is queueing.
 */
export function derivePhases(
  timing: Protocol.Network.ResourceTiming,
  issuedMs: number,
  endMs: number | null,
): RequestPhases {
  const baseMs = timing.requestTime * 1000;
  const dnsMs = phaseMs(timing.dnsStart, timing.dnsEnd);
  const tlsMs = phaseMs(timing.sslStart, timing.sslEnd);
  const connectMs = phaseMs(
    timing.connectStart,
    tlsMs === null ? timing.connectEnd : timing.sslStart,
  );
  const sendStartMs = timing.sendStart < 0 ? null : baseMs + timing.sendStart;
  const opened = [dnsMs, connectMs, tlsMs].reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  // Older versions of Chromium report only the last byte of the head.
  const firstByte =
    [timing.receiveHeadersStart, timing.receiveHeadersEnd].find((ms) => ms > 0) ?? null;
  return {
    // A connection that Chromium opened earlier for another request may be counted here.
    queueMs: sendStartMs === null ? null : Math.max(0, sendStartMs - issuedMs - opened),
    dnsMs,
    connectMs,
    tlsMs,
    sendMs: phaseMs(timing.sendStart, timing.sendEnd),
    waitMs: firstByte === null ? null : phaseMs(timing.sendEnd, firstByte),
    downloadMs:
      firstByte === null || endMs === null ? null : Math.max(0, endMs - baseMs - firstByte),
  };
}

/** Chromium reports −1 for what did not happen. */
function phaseMs(start: number, end: number): number | null {
  return start < 0 || end < 0 ? null : Math.max(0, end - start);
}
