/** Where time comes from, so that a test can move it by hand. */
export type Clock = {
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  epochMs(): number;
  /** Calls `run` once, after `delayMs`; the returned function calls it off. */
  schedule(run: () => void, delayMs: number): () => void;
};

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
