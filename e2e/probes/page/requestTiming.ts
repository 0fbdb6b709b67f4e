import { classifyAbort, type ResourceEntry } from './abortedRequest.ts';
import type { LoggedHop, LoggedRequest, LoggedResponse } from './requestLog.ts';
import { derivePhases, NO_PHASES } from './requestPhases.ts';

/**
 * Where the time of one request went, in ms. A phase that did not take place is null: DNS, connect and TLS on a connection that
 * stood already, everything on an answer from the cache, what came after the last thing seen of a request that failed or goes on.
 */
export type RequestPhases = {
  /** All waiting of Chromium before it sent: for its turn, for a socket, between the phases of connecting. */
  queueMs: number | null;
  dnsMs: number | null;
  /** TCP alone; TLS is on its own. */
  connectMs: number | null;
  tlsMs: number | null;
  sendMs: number | null;
  /** From the request's last byte to the answer's first. */
  waitMs: number | null;
  /** From the answer's first byte to its last. */
  downloadMs: number | null;
};

/**
 * How a request went:
 * - `finished`: the answer arrived whole, whatever its status;
 * - `redirected`: the answer sent Chromium on, which is the next request of the list;
 * - `failed`: it broke off, was refused, or the page gave it up; `failure` says what Chromium calls it;
 * - `undecided`: Chromium calls it aborted, and nothing tells whether the page had read it to its end (see `classifyAbort`);
 * - `unfinished`: it still went on when the recording was read.
 */
type RequestEnd = 'finished' | 'redirected' | 'failed' | 'undecided' | 'unfinished';

/** One request of a page as Chromium saw it. Times in ms since the epoch by the clock of the machine. */
export type RequestTiming = {
  url: string;
  method: string;
  /** Chromium's word, such as Document, Script or Fetch. */
  resourceType: string;
  /** As negotiated, such as http/1.1 or h2; null without an answer. */
  protocol: string | null;
  status: number | null;
  /** Where the answer came from, `none` being the network; null without an answer. */
  fromCache: 'memory' | 'disk' | 'prefetch' | 'serviceWorker' | 'none' | null;
  /** The cache asked the server whether its copy still holds and was told so (304): `fromCache` is `none`, since it cost a round trip. */
  revalidated: boolean;
  startAtMs: number;
  endAtMs: number | null;
  phases: RequestPhases;
  /** Head and body of the answer as they came over the wire; 0 from a cache, null where it is not known. */
  encodedBytes: number | null;
  /** The body as the page read it, unpacked; null where it is not known. */
  decodedBytes: number | null;
  end: RequestEnd;
  /** Such as net::ERR_CONNECTION_REFUSED; null for `finished`, `redirected` and `unfinished`. */
  failure: string | null;
  /** The value of the response header that the recording was told to look for; null without it. */
  requestId: string | null;
};

/** What a hop became: its request, the raw head of its answer where there was one, the page's own word where it was asked. */
type HopContext = {
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
        : derivePhases(response.timing, hop.issuedMs, end === 'failed' ? null : endMs),
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
  const how = classifyAbort(
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
