import type { PromptKind } from '../prompt/readPrompt.ts';

/**
 * One ended model call. Times are milliseconds since the epoch with fractions, `null` for what did not happen.
 * First and last byte are stamped right before they are handed to the socket. No headers, no text of the prompt.
 */
export type JournalEntry = {
  /** Given when the call ends: entries stand in order of their end. */
  seq: number;
  scope: string | null;
  index: number | null;
  provider: string;
  kind: PromptKind;
  matchedBy: 'nonce' | 'traceparent' | null;
  /** 1 for the first call of this kind for this request, 2 for its first retry. */
  attempt: number;
  streamed: boolean;
  model: string;
  arrivedAtMs: number;
  firstByteAtMs: number | null;
  lastByteAtMs: number | null;
  /** When the client went away before the answer was complete. */
  abortedAtMs: number | null;
  /** When the mock itself broke the call off, by a reset or by closing its listener. One of last byte, abort and this is given. */
  brokenOffAtMs: number | null;
  status: number | null;
  /** The drawn time from arrival to last byte, a duration; under a fault that has its own end, to that. */
  plannedMs: number;
  /** How much later than planned the last byte left, or the reset came; the mock's own fault. Below zero: early, by at most half a millisecond. */
  lateMs: number | null;
  requestBytes: number;
  responseBytes: number;
  /** The scope had expired: the call met the default behaviour. */
  expired: boolean;
  /**
   * The fault that the call met, else how its answer was degraded: `kind` of the behaviour. 'refuse': it was in flight when
   * the listener closed. `null`: the model was well.
   */
  fault: string | null;
  /** How long the client was asked to wait, from the end of the call on: its Retry-After. A date that has passed by then: 0. */
  retryAfterMs: number | null;
};

/** A model call that has not ended: no number yet, and every time of an end is `null`. */
export type OpenCall = Omit<JournalEntry, 'seq'>;
