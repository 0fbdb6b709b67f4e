import type { Standstill } from '../record/standstill.ts';

type Span = { fromMs: number; untilMs: number };

/** The time that the harness lost by standing still. Workloads that ran side by side tell of the same standstills, which count once. */
export class LostTime {
  readonly #spans: Span[] = [];

  constructor(standstills: readonly Standstill[]) {
    const sorted = [...standstills].sort((a, b) => a.fromMs - b.fromMs);
    for (const { fromMs, durationMs } of sorted) {
      const untilMs = fromMs + durationMs;
      const last = this.#spans.at(-1);
      if (last === undefined || fromMs > last.untilMs) this.#spans.push({ fromMs, untilMs });
      else last.untilMs = Math.max(last.untilMs, untilMs);
    }
  }

  /** How much of the time between two moments was lost, in ms. */
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
