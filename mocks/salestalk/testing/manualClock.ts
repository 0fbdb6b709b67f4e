import type { Clock } from '../api/clock.ts';

/** A clock that only a test moves. It then runs what is due, in order. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #due: { atMs: number; run: () => void }[] = [];

  monotonicMs = (): number => this.#nowMs;
  epochMs = (): number => this.#nowMs;

  schedule = (run: () => void, delayMs: number): (() => void) => {
    const entry = { atMs: this.#nowMs + delayMs, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  };

  /** Moves time on by `ms`, and runs what becomes due meanwhile. */
  pass(ms: number): Promise<void> {
    return this.runUntil(new Promise((resolve) => this.schedule(resolve, ms)));
  }

  /** Moves time on to the next timer whenever no other work is left, until `work` has ended. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const settle = (): void => {
      ended = true;
    };
    work.then(settle, settle);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended) return work;
      this.#due.sort((a, b) => a.atMs - b.atMs);
      const next = this.#due.shift();
      if (next === undefined) throw new Error('The work waits for something other than a timer');
      this.#nowMs = next.atMs;
      next.run();
    }
  }
}
