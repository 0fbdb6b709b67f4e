import { classifyAbort, type ResourceEntry } from './abortedRequest.ts';
import { derivePhases, NO_PHASES, type RequestPhases } from './networkTiming.ts';
import type { LoggedHop, LoggedRequest, LoggedResponse } from './requestLog.ts';

/**
 * How a request ended:
 * - `finished`: the whole answer arrived, with any status;
 * - `redirected`: the next request of the list follows it;
 * - `failed`: it broke off, was refused, or the page aborted it; `failure` is Chromium's error;
 * - `undecided`: Chromium reports an abort, but the page may have read the whole answer (see `classifyAbort`);
 * - `unfinished`: it was under way when the recording was read.
 */
type RequestEnd = 'finished' | 'redirected' | 'failed' | 'undecided' | 'unfinished';

/** One request of a page as Chromium saw it. Times in ms since the epoch by the clock of the machine. */
export type RequestTiming = {
  url: string;
  method: string;
  /** Chromium's type, for example Document, Script or Fetch. */
  resourceType: string;
  /** Negotiated, for example http/1.1 or h2; null without an answer. */
  protocol: string | null;
  status: number | null;
  /** `none` for the network; null without an answer. */
  fromCache: 'memory' | 'disk' | 'prefetch' | 'serviceWorker' | 'none' | null;
  /** The server confirmed the cached copy (304): `fromCache` is `none`, since that took a round trip. */
  revalidated: boolean;
  startAtMs: number;
  endAtMs: number | null;
  phases: RequestPhases;
  /** Head and body of the answer on the wire; 0 from a cache, null if unknown. */
  encodedBytes: number | null;
  /** The decoded body; null if unknown. */
  decodedBytes: number | null;
  end: RequestEnd;
  /** For example net::ERR_CONNECTION_REFUSED; null for `finished`, `redirected` and `unfinished`. */
  failure: string | null;
  /** The value of the header `requestIdHeader`; null without it. */
  requestId: string | null;
};

type HopContext = {
  request: LoggedRequest;
  hopIndex: number;
  entry: ResourceEntry | null;
  /** Lower case; null if the recording looks for none. */
  requestIdHeader: string | null;
};

/** Whether Chromium reports that the page aborted it; the page may still have read the whole answer. */
export function isAborted(hop: LoggedHop): boolean {
  return hop.failure === 'net::ERR_ABORTED' && hop.canceled;
}

export function deriveRequestTiming(hop: LoggedHop, context: HopContext): RequestTiming {
  const { request, hopIndex, entry, requestIdHeader } = context;
  const { response } = hop;
  const rawHead = rawHeadOf(request, hopIndex);
  const revalidated = rawHead?.status === 304 && response?.status !== 304;
  const fromCache =
    response === null ? null : revalidated ? 'none' : cacheOf(response, request.fromMemoryCache);
  const isLocal = fromCache === 'memory' || fromCache === 'disk' || fromCache === 'prefetch';
  const end = endOf(hop, entry);
  const isReadToEnd = end === 'finished' && hop.failure !== null;
  const endMs = isReadToEnd && entry !== null ? endFromEntry(request, entry) : hop.endMs;
  // The head of an answer from a cache belongs to the request that filled the cache.
  const headers = isLocal ? {} : (rawHead?.headers ?? response?.headers ?? {});
  return {
    url: hop.url,
    method: hop.method,
    resourceType: hop.resourceType,
    protocol: response?.protocol ?? null,
    status: response?.status ?? null,
    fromCache,
    revalidated,
    startAtMs: hop.issuedAtMs,
    endAtMs: endMs === null ? null : hop.issuedAtMs + endMs - hop.issuedMs,
    phases:
      !response?.timing || isLocal
        ? NO_PHASES
        : derivePhases(response.timing, hop.issuedMs, end === 'failed' ? null : endMs),
    encodedBytes: encodedBytesOf(hop, isReadToEnd ? entry : null),
    decodedBytes: end === 'finished' || end === 'failed' ? decodedBytesOf(hop, isLocal) : null,
    end,
    failure: end === 'failed' || end === 'undecided' ? hop.failure : null,
    requestId: requestIdHeader === null ? null : headerOf(headers, requestIdHeader),
  };
}

/** Chromium reports the abort after the end of the body, so the entry's time counts; it starts at the first hop. */
function endFromEntry({ hops }: LoggedRequest, entry: ResourceEntry): number | null {
  const first = hops[0];
  return first === undefined ? null : first.issuedMs + entry.responseEndMs;
}

function rawHeadOf({ hops, rawHeads }: LoggedRequest, hopIndex: number) {
  if (hops[hopIndex]?.expectsRawHead !== true) return undefined;
  return rawHeads[hops.slice(0, hopIndex).filter((hop) => hop.expectsRawHead).length];
}

function cacheOf(response: LoggedResponse, fromMemory: boolean): RequestTiming['fromCache'] {
  if (fromMemory) return 'memory';
  if (response.fromServiceWorker) return 'serviceWorker';
  if (response.fromPrefetchCache) return 'prefetch';
  return response.fromDiskCache ? 'disk' : 'none';
}

function endOf(hop: LoggedHop, entry: ResourceEntry | null): RequestEnd {
  if (hop.isRedirect) return 'redirected';
  if (hop.endMs === null) return 'unfinished';
  if (hop.failure === null) return 'finished';
  if (!isAborted(hop)) return 'failed';
  const headers = hop.response?.headers ?? {};
  const announced = headerOf(headers, 'content-length');
  const isEncoded = headerOf(headers, 'content-encoding') !== null;
  const how = classifyAbort(
    {
      method: hop.method,
      status: hop.response?.status ?? null,
      receivedBytes: hop.receivedBytes,
      contentLengthBytes: announced === null || isEncoded ? null : Number(announced),
    },
    entry,
  );
  return how === 'readToEnd' ? 'finished' : how === 'aborted' ? 'failed' : 'undecided';
}

function encodedBytesOf(hop: LoggedHop, entry: ResourceEntry | null): number | null {
  if (hop.encodedBytes !== null) return hop.encodedBytes;
  if (hop.response === null || hop.endMs === null) return null;
  // CDP reports pieces late: the last ones of an aborted request are missing.
  if (entry?.isOpen === true) return hop.response.headBytes + entry.encodedBodyBytes;
  return hop.response.headBytes + hop.receivedEncodedBytes;
}

/** CDP reports no size for bodies from the memory cache. */
function decodedBytesOf(hop: LoggedHop, isLocal: boolean): number | null {
  if (hop.response === null) return null;
  return isLocal && hop.receivedBytes === 0 ? null : hop.receivedBytes;
}

function headerOf(headers: Record<string, string>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? null : found[1];
}
