/**
 * One request and its answer, timed by the HTTP client itself. Durations count from the moment the request was handed to it, less what it was
 * held for.
 */
export type TimedExchange = {
  sentAtMs: number;
  /** The HTTP client looks for a turn of its own event loop whether an idle connection still stands before it writes: no time of the target's. */
  heldMs: number;
  /** Null when no answer began. */
  status: number | null;
  headers: Record<string, string>;
  /** The `Content-Encoding` that the body came with, although none was asked for; null where it came as it is. */
  contentEncoding: string | null;
  /** Decoded. */
  body: string;
  /** Pieces of the body as they came, decoded; the times are those of the wire. */
  chunks: { atMs: number; text: string }[];
  firstByteMs: number | null;
  /** To the last byte; null when the answer did not complete. */
  durationMs: number | null;
  /** To the end of the exchange, whatever it was. */
  endedMs: number;
  /** Did the request travel on a connection that had served one before? Null where it never got so far. */
  connectionReused: boolean | null;
  /** Why there is no complete answer, or null: `timeout`, the socket's or TLS's error code, or why it cannot be decoded. */
  failure: string | null;
};

export type TimedRequest = {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Gives up after this long without a whole answer. */
  timeoutMs: number;
};
