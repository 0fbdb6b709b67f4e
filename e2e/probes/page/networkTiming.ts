/**
 * Phases of one request in ms. A phase that did not happen is null: DNS, connect and TLS on an open connection, all phases of an
 * answer from the cache, and those that a failed or unfinished request did not reach.
 */
export type RequestPhases = {
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

/** From CDP's Network.ResourceTiming: `requestTime` in seconds of Chromium's monotonic clock, the rest in ms after it, −1 if it did not happen. */
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

/** For an answer from a cache. */
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
 * The phases of a request over the network. `issuedMs` is when the page sent it and `endMs` when its last byte came (null if it
 * did not), both in ms of Chromium's monotonic clock. The phases add up to that time: the rest before sending is queueing.
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
    // A connection that Chromium opened earlier for another request may be counted here.
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

/** First byte of the head; older versions of Chromium report only the last. */
function firstByteOf({ receiveHeadersStart, receiveHeadersEnd }: NetworkTiming): number | null {
  if (receiveHeadersStart !== undefined && receiveHeadersStart > 0) return receiveHeadersStart;
  return receiveHeadersEnd > 0 ? receiveHeadersEnd : null;
}

function between(start: number, end: number): number | null {
  return start < 0 || end < 0 ? null : Math.max(0, end - start);
}
