import { howAborted, type ResourceEntry } from './howAborted.ts';
import { NO_PHASES, phasesOf } from './phasesOf.ts';
import type { LoggedHop, LoggedRequest, LoggedResponse } from './requestLog.ts';
import type { RequestEnd, RequestTiming } from './requestTiming.ts';

/** What a hop became: its request, the raw head of its answer where there was one, the page's own word where it was asked. */
export type HopContext = {
  request: LoggedRequest;
  hopIndex: number;
  entry: ResourceEntry | null;
  /** Lower case; null where none is looked for. */
  requestIdHeader: string | null;
};

/** Whether Chromium calls it aborted by the page, which alone does not say that it was not read to its end. */
export function isAborted(hop: LoggedHop): boolean {
  return hop.failure === 'net::ERR_ABORTED' && hop.canceled;
}

/** A hop in the form that is handed out. */
export function timingOfHop(hop: LoggedHop, context: HopContext): RequestTiming {
  const { request, hopIndex, entry, requestIdHeader } = context;
  const { response } = hop;
  const rawHead = rawHeadOf(request, hopIndex);
  const revalidated = rawHead?.status === 304 && response?.status !== 304;
  const fromCache =
    response === null ? null : revalidated ? 'none' : cacheOf(response, request.fromMemoryCache);
  const isLocal = fromCache === 'memory' || fromCache === 'disk' || fromCache === 'prefetch';
  const end = endOf(hop, entry);
  const isReadToEnd = end === 'finished' && hop.failure !== null;
  const endMs = isReadToEnd && entry !== null ? endByEntry(request, entry) : hop.endMs;
  // Of an answer from a cache, the head is that of the request that filled it.
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
        : phasesOf(response.timing, hop.issuedMs, end === 'failed' ? null : endMs),
    encodedBytes: encodedBytesOf(hop, isReadToEnd ? entry : null),
    decodedBytes: end === 'finished' || end === 'failed' ? decodedBytesOf(hop, isLocal) : null,
    end,
    failure: end === 'failed' || end === 'undecided' ? hop.failure : null,
    requestId: requestIdHeader === null ? null : headerOf(headers, requestIdHeader),
  };
}

/** An entry's times count from the first hop. Chromium's word of the abort comes later than the end of the body. */
function endByEntry({ hops }: LoggedRequest, entry: ResourceEntry): number | null {
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
  const isPacked = headerOf(headers, 'content-encoding') !== null;
  const how = howAborted(
    {
      method: hop.method,
      status: hop.response?.status ?? null,
      receivedBytes: hop.receivedBytes,
      contentLengthBytes: announced === null || isPacked ? null : Number(announced),
    },
    entry,
  );
  return how === 'readToEnd' ? 'finished' : how === 'givenUp' ? 'failed' : 'undecided';
}

function encodedBytesOf(hop: LoggedHop, entry: ResourceEntry | null): number | null {
  if (hop.encodedBytes !== null) return hop.encodedBytes;
  if (hop.response === null || hop.endMs === null) return null;
  // The pieces are told late: of an aborted request the last are missing.
  if (entry?.isOpen === true) return hop.response.headBytes + entry.encodedBodyBytes;
  return hop.response.headBytes + hop.receivedEncodedBytes;
}

/** The memory cache hands out bodies without telling their size. */
function decodedBytesOf(hop: LoggedHop, isLocal: boolean): number | null {
  if (hop.response === null) return null;
  return isLocal && hop.receivedBytes === 0 ? null : hop.receivedBytes;
}

function headerOf(headers: Record<string, string>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? null : found[1];
}
