type Span = { fromMs: number; untilMs: number };

/** When the harness was disturbed. Workloads that ran side by side record the same stalls, which count once. */
export class StallTimes {
  readonly #spans: Span[] = [];

  constructor(stalls: Iterable<{ fromMs: number; durationMs: number }>) {
    const sorted = [...stalls].sort((a, b) => a.fromMs - b.fromMs);
    for (const { fromMs, durationMs } of sorted) {
      const untilMs = fromMs + durationMs;
      const last = this.#spans.at(-1);
      if (last === undefined || fromMs > last.untilMs) this.#spans.push({ fromMs, untilMs });
      else last.untilMs = Math.max(last.untilMs, untilMs);
    }
  }

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  /** Length of the longest that lasts at this moment, or within so many ms of it; 0 where none does. */
  longestNear(atMs: number, withinMs: number): number {
    let longestMs = 0;
    for (let at = this.#firstAfter(atMs - withinMs); at < this.#spans.length; at++) {
      const { fromMs, untilMs } = this.#spans[at] as Span;
      if (fromMs >= atMs + withinMs) break;
      longestMs = Math.max(longestMs, untilMs - fromMs);
    }
    return longestMs;
  }

  /** How much of the time between two moments was disturbed, in ms. */
  between(fromMs: number, untilMs: number): number {
    let lostMs = 0;
    for (let at = this.#firstAfter(fromMs); at < this.#spans.length; at++) {
      const span = this.#spans[at] as Span;
      if (span.fromMs >= untilMs) break;
      lostMs += Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs);
    }
    return lostMs;
  }

  /** Place of the first span that ends after a moment. */
  #firstAfter(ms: number): number {
    let [from, to] = [0, this.#spans.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#spans[middle] as Span).untilMs <= ms) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
