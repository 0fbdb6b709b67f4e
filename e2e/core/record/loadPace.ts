import { responseMs } from './derivations/loads.ts';
import type { LoadRequest } from './loadTable.ts';

type Span = { requests: number; firstDueMs: number; lastDueMs: number; lastEndMs: number };

/**
 * How fast requests were due and answered. A load may come in spans with a pause between, such as the steps of a search: a pause is no time in
 * which anything was offered.
 */
export class LoadPace {
  readonly #spans = new Map<number, Span>();
  #answered = 0;

  /** @param fromMs what the request's intended start counts from: one value for each span */
  add(fromMs: number, request: LoadRequest): void {
    const { dueAtMs, failure } = request;
    const endMs = dueAtMs + (responseMs(request) ?? 0);
    const span = this.#spans.get(fromMs);
    if (failure === null) this.#answered++;
    if (span === undefined) {
      const first = { requests: 1, firstDueMs: dueAtMs, lastDueMs: dueAtMs, lastEndMs: endMs };
      this.#spans.set(fromMs, first);
      return;
    }
    span.requests++;
    span.firstDueMs = Math.min(span.firstDueMs, dueAtMs);
    span.lastDueMs = Math.max(span.lastDueMs, dueAtMs);
    span.lastEndMs = Math.max(span.lastEndMs, endMs);
  }

  /** From the first intended start to the last; null where nothing lies between. */
  get seconds(): number | null {
    return positive(this.#sum(({ firstDueMs, lastDueMs }) => (lastDueMs - firstDueMs) / 1000));
  }

  /** Intended starts over that time: it lies between them, so there is one fewer of it than there are requests. */
  get offeredPerSecond(): number | null {
    const { seconds } = this;
    return seconds === null ? null : this.#sum(({ requests }) => requests - 1) / seconds;
  }

  /** Answers over the time from the first intended start to the last end. */
  get achievedPerSecond(): number | null {
    const seconds = positive(
      this.#sum(({ firstDueMs, lastEndMs }) => (lastEndMs - firstDueMs) / 1000),
    );
    return seconds === null ? null : this.#answered / seconds;
  }

  #sum(of: (span: Span) => number): number {
    return [...this.#spans.values()].reduce((sum, span) => sum + of(span), 0);
  }
}

function positive(seconds: number): number | null {
  return seconds > 0 ? seconds : null;
}
