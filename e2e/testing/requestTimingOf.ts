import type { RequestTiming } from '../probes/page/requestTiming.ts';

const AT_MS = 1_800_000_000_000;

/** A successful question to the API on an open connection. `parts` replace its values. */
export function requestTimingOf(parts: Partial<RequestTiming> = {}): RequestTiming {
  return {
    url: 'http://127.0.0.1/chat',
    method: 'POST',
    resourceType: 'Fetch',
    status: 200,
    fromCache: 'none',
    startAtMs: AT_MS + 5,
    endAtMs: AT_MS + 190,
    phases: {
      queueMs: 1,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      sendMs: 0,
      waitMs: 80,
      downloadMs: 100,
    },
    encodedBytes: 900,
    end: 'finished',
    failure: null,
    requestId: 'request-1',
    ...parts,
  };
}
