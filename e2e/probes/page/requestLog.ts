import type { CDPSession } from '@playwright/test';
import type { NetworkTiming } from './networkTiming.ts';

export type LoggedResponse = {
  status: number;
  protocol: string | null;
  headers: Record<string, string>;
  headBytes: number;
  timing: NetworkTiming | null;
  fromDiskCache: boolean;
  fromPrefetchCache: boolean;
  fromServiceWorker: boolean;
};

/** One request, or one hop of a redirect chain, from CDP. `…Ms` are of Chromium's monotonic clock unless named `…AtMs`. */
export type LoggedHop = {
  url: string;
  method: string;
  resourceType: string;
  issuedMs: number;
  /** `issuedMs` on the wall clock, in ms since the epoch: Chromium reads both clocks at once. */
  issuedAtMs: number;
  response: LoggedResponse | null;
  isRedirect: boolean;
  endMs: number | null;
  failure: string | null;
  canceled: boolean;
  /** Of the body, summed over its pieces. */
  receivedBytes: number;
  receivedEncodedBytes: number;
  /** Of head and body, reported at the end. */
  encodedBytes: number | null;
  expectsRawHead: boolean;
};

/** The head as the network process saw it; the page's cache may replace it. */
type RawHead = { status: number; headers: Record<string, string> };

/** One request with its redirects; raw heads are in the order of the hops that have one. */
export type LoggedRequest = { hops: LoggedHop[]; rawHeads: RawHead[]; fromMemoryCache: boolean };

/** Collects the Network events of a session by request, in the order of issue. */
export function requestLog(session: CDPSession): Map<string, LoggedRequest> {
  const requests = new Map<string, LoggedRequest>();
  // Raw heads come from another process than the rest, and may come before it.
  const rawHeads = new Map<string, RawHead[]>();
  const headsOf = (id: string): RawHead[] => {
    const heads = rawHeads.get(id) ?? [];
    rawHeads.set(id, heads);
    return heads;
  };
  const hopOf = (id: string): LoggedHop | undefined => requests.get(id)?.hops.at(-1);

  session.on('Network.requestWillBeSent', (event) => {
    if (!/^https?:/.test(event.request.url)) return;
    const hop: LoggedHop = {
      url: event.request.url,
      method: event.request.method,
      resourceType: event.type ?? 'Other',
      issuedMs: event.timestamp * 1000,
      issuedAtMs: event.wallTime * 1000,
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
    const known = requests.get(event.requestId);
    const before = known?.hops.at(-1);
    if (known === undefined || before === undefined || event.redirectResponse === undefined) {
      const heads = headsOf(event.requestId);
      requests.set(event.requestId, { hops: [hop], rawHeads: heads, fromMemoryCache: false });
      return;
    }
    before.response = loggedResponse(event.redirectResponse);
    before.isRedirect = true;
    before.endMs = hop.issuedMs;
    before.encodedBytes = event.redirectResponse.encodedDataLength;
    before.expectsRawHead = event.redirectHasExtraInfo;
    known.hops.push(hop);
  });
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode, headers }) => {
    headsOf(requestId).push({ status: statusCode, headers });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => {
    const request = requests.get(requestId);
    if (request !== undefined) request.fromMemoryCache = true;
  });
  session.on('Network.responseReceived', ({ requestId, response, type, hasExtraInfo }) => {
    const hop = hopOf(requestId);
    if (hop === undefined) return;
    hop.response = loggedResponse(response);
    hop.resourceType = type;
    hop.expectsRawHead = hasExtraInfo;
  });
  session.on('Network.dataReceived', ({ requestId, dataLength, encodedDataLength }) => {
    const hop = hopOf(requestId);
    if (hop === undefined) return;
    hop.receivedBytes += dataLength;
    hop.receivedEncodedBytes += encodedDataLength;
  });
  session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const hop = hopOf(requestId);
    if (hop === undefined) return;
    hop.endMs = timestamp * 1000;
    hop.encodedBytes = encodedDataLength;
  });
  session.on('Network.loadingFailed', ({ requestId, timestamp, errorText, canceled, type }) => {
    const hop = hopOf(requestId);
    if (hop === undefined) return;
    hop.endMs = timestamp * 1000;
    hop.failure = errorText;
    hop.canceled = canceled === true;
    hop.resourceType = type;
  });
  return requests;
}

type ResponseEvent = {
  status: number;
  protocol?: string;
  headers: Record<string, string>;
  encodedDataLength: number;
  timing?: NetworkTiming;
  fromDiskCache?: boolean;
  fromPrefetchCache?: boolean;
  fromServiceWorker?: boolean;
};

function loggedResponse(response: ResponseEvent): LoggedResponse {
  return {
    status: response.status,
    protocol: response.protocol ?? null,
    headers: response.headers,
    headBytes: response.encodedDataLength,
    timing: response.timing ?? null,
    fromDiskCache: response.fromDiskCache === true,
    fromPrefetchCache: response.fromPrefetchCache === true,
    fromServiceWorker: response.fromServiceWorker === true,
  };
}
