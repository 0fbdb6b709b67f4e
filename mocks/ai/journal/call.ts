import type { JournalEntry } from './journalEntry.ts';

/** What the mock knows of a call once it has read it. */
export type ReceivedCall = Pick<
  JournalEntry,
  | 'scope'
  | 'index'
  | 'provider'
  | 'kind'
  | 'matchedBy'
  | 'attempt'
  | 'streamed'
  | 'model'
  | 'plannedMs'
  | 'requestBytes'
  | 'expired'
  | 'fault'
>;

/** One HTTP request from arrival to end. `received` stays `null` for requests that are no model calls. */
export type Call = Pick<
  JournalEntry,
  | 'arrivedAtMs'
  | 'firstByteAtMs'
  | 'lastByteAtMs'
  | 'abortedAtMs'
  | 'brokenOffAtMs'
  | 'status'
  | 'responseBytes'
> & {
  received: ReceivedCall | null;
  /** The Retry-After header as it was sent. */
  retryAfter: string | null;
};

export function newCall(arrivedAtMs: number): Call {
  return {
    arrivedAtMs,
    firstByteAtMs: null,
    lastByteAtMs: null,
    abortedAtMs: null,
    brokenOffAtMs: null,
    status: null,
    responseBytes: 0,
    received: null,
    retryAfter: null,
  };
}
