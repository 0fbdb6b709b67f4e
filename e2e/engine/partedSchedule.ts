/**
 * A schedule that is gone through in parts: each pass takes up where the one before was left. A time is behind only once the one after it is
 * asked for, so that a time that was still waited for when a pass was broken off is the first of the next, and none is lost between them.
 */
export class PartedSchedule implements Iterable<number> {
  readonly #times: Iterator<number>;
  #next: IteratorResult<number>;

  constructor(times: Iterable<number>) {
    this.#times = times[Symbol.iterator]();
    this.#next = this.#times.next();
  }

  get isOver(): boolean {
    return this.#next.done === true;
  }

  *[Symbol.iterator](): Generator<number> {
    for (; this.#next.done !== true; this.#next = this.#times.next()) yield this.#next.value;
  }
}
