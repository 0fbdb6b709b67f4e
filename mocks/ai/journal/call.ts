import type { PromptKind } from '../prompt/readPrompt.ts';

/** What the mock keeps of a call's request: no headers, no text of the prompt. */
export type ReceivedCall = {
  scope: string | null;
  index: number | null;
  provider: string;
  kind: PromptKind;
  matchedBy: 'nonce' | 'traceparent' | null;
  /** 1 for the first call of this kind for this request, 2 for its first retry. */
  attempt: number;
  streamed: boolean;
  model: string;
  /** As the provider's answer reports them: estimated, at four characters a token. */
  promptTokens: number;
  answerTokens: number;
  /** The planned duration from arrival to last byte, or to the end that a fault sets. */
  plannedMs: number;
  /** The scope had expired, so that the default behaviour applied. */
  expired: boolean;
  /** The `kind` of the injected fault, else of the degraded answer. 'refuse': the call was in flight when the listener closed. */
  fault: string | null;
};

/**
 * What happened on the connection of a call. Times are milliseconds since the epoch with fractions, `null` for what did not
 * happen. First and last byte are stamped right before they are written to the socket.
 */
type Transfer = {
  arrivedAtMs: number;
  firstByteAtMs: number | null;
  lastByteAtMs: number | null;
  /** When the client went away before the answer was complete. */
  abortedAtMs: number | null;
  /** When the mock itself broke the call off, by a reset or by closing its listener. One of last byte, abort and this is given. */
  brokenOffAtMs: number | null;
  status: number | null;
  requestBytes: number;
  responseBytes: number;
};

/** One HTTP request from arrival to end. */
export type Call = Transfer & {
  received: ReceivedCall | null;
  /** The Retry-After header as it was sent. */
  retryAfter: string | null;
};

/** A model call that has not ended. */
export type OpenCall = ReceivedCall &
  Transfer & {
    /** How much later than planned the mock sent the last byte or the reset. Below zero: early, by half a millisecond at most. */
    lateMs: number | null;
    /** The wait that Retry-After asks for, from the end of the call; 0 if its date has passed by then. */
    retryAfterMs: number | null;
  };

/** One ended model call. Entries are numbered in order of their end. */
export type JournalEntry = OpenCall & { seq: number };

export function newCall(arrivedAtMs: number): Call {
  return {
    arrivedAtMs,
    firstByteAtMs: null,
    lastByteAtMs: null,
    abortedAtMs: null,
    brokenOffAtMs: null,
    status: null,
    requestBytes: 0,
    responseBytes: 0,
    received: null,
    retryAfter: null,
  };
}

// A resolver of MSW gets the request that the server made, and nothing else by which to find its call.
const calls = new WeakMap<Request, Call>();

export function trackCall(request: Request, call: Call): void {
  calls.set(request, call);
}

/** The call that a handler answers. @throws TypeError for a request that did not come through the mock's server */
export function findCall(request: Request): Call {
  const call = calls.get(request);
  if (call !== undefined) return call;
  throw new TypeError('Failed to answer a request: it was not served over HTTP.');
}
