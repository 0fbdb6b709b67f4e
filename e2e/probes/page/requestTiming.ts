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
 * - `undecided`: Chromium calls it aborted, and nothing tells whether the page had read it to its end (see `howAborted`);
 * - `unfinished`: it still went on when the recording was read.
 */
export type RequestEnd = 'finished' | 'redirected' | 'failed' | 'undecided' | 'unfinished';

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
