import type { RequestPhases } from './requestTiming.ts';

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
export function phasesOf(
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
