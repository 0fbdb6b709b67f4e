/** What came of a request, as its HTTP client timed it. */
export type LoadOutcome = {
  /** How long the client itself held it before it wrote. */
  heldMs: number;
  /** From then, or where it had to wait for a connection, from the handing over, to the end of the exchange, whatever it was. */
  serviceMs: number;
  /** Why there is no good answer, in a few words; null where there is one. */
  failure: string | null;
  /** Null where it is not known. */
  connectionReused: boolean | null;
};

/**
 * A request of a load. Response time, as a caller meets it, is `lateMs + serviceMs`: it counts from the intended start, or from the sending
 * where a timer was early.
 */
export type LoadSample = Omit<LoadOutcome, 'serviceMs' | 'heldMs'> & {
  /** In the order of intended starts, from 0. */
  index: number;
  /** Intended start, in ms from the start of the load. */
  dueMs: number;
  /** How much later than intended it was sent; null: never. */
  lateMs: number | null;
  /** Null: never sent. */
  serviceMs: number | null;
};
