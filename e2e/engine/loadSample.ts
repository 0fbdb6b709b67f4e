/** Result of one request, timed by its HTTP client. */
export type LoadOutcome = {
  /** How long the client held it before writing. */
  heldMs: number;
  /** From writing (or from the call if it waited for a connection) to the end of the exchange. */
  serviceMs: number;
  /** Why there is no good answer; null if there is one. */
  failure: string | null;
  /** Null if unknown. */
  connectionReused: boolean | null;
};

/**
 * A request of a load. The caller's response time is `lateMs + serviceMs`: from the intended start, or from sending if a timer was
 * early.
 */
export type LoadSample = Omit<LoadOutcome, 'serviceMs' | 'heldMs'> & {
  /** Order of the intended starts, from 0. */
  index: number;
  /** Intended start in ms from the start of the load. */
  dueMs: number;
  /** How late it was sent; null if never sent. */
  lateMs: number | null;
  /** Null if never sent. */
  serviceMs: number | null;
};
