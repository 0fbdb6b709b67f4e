import { type ArrivalModel, type RatePiece, rateProfile } from '../core/budget/arrivalModel.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';

/**
 * Generates intended start times in ms, in rising order, at the rate of the model. Gaps are exponential for a Poisson process. Otherwise
 * they vary by ± 50 % around the mean, so that requests do not synchronise with periodic work.
 */
export function* arrivalTimes(
  arrivals: ArrivalModel,
  durationSeconds: number,
  draw: Draw,
): Generator<number> {
  const pieces = rateProfile(arrivals, durationSeconds);
  const gap = arrivals.model === 'poisson' ? () => -Math.log(1 - draw()) : () => 0.5 + draw();
  // Counted in arrivals, as the integral of the rate. A Poisson process starts with a gap; otherwise the first request is due at once.
  let place = arrivals.model === 'poisson' ? gap() : 0;
  let startSeconds = 0;
  let before = 0;
  for (const piece of pieces) {
    const within = (piece.seconds * (piece.from + piece.to)) / 2;
    while (place < before + within) {
      yield (startSeconds + secondsUntil(place - before, piece)) * 1000;
      place += gap();
    }
    startSeconds += piece.seconds;
    before += within;
  }
}

/** When this many requests have arrived within a piece: the inverse of the integral of a linear rate. */
function secondsUntil(arrived: number, { seconds, from, to }: RatePiece): number {
  // Avoids a division by zero for a rate that starts at 0.
  if (arrived === 0) return 0;
  const slope = (to - from) / seconds;
  if (Math.abs(slope) < 1e-12) return arrived / from;
  // This form of the root stays exact for small slopes.
  return (2 * arrived) / (from + Math.sqrt(from * from + 2 * slope * arrived));
}

/** A schedule in parts, each of which continues where the previous one stopped. */
export class ResumableSchedule {
  readonly #times: Iterator<number>;
  #next: IteratorResult<number>;

  constructor(times: Iterable<number>) {
    this.#times = times[Symbol.iterator]();
    this.#next = this.#times.next();
  }

  get isOver(): boolean {
    return this.#next.done === true;
  }

  /**
   * The remaining times, counted from the first of them. A time is consumed only when the next one is requested: the time that an
   * aborted part waited for is the first of the next part.
   */
  *rest(): Generator<number> {
    const startMs = this.#next.value;
    while (this.#next.done !== true) {
      yield this.#next.value - startMs;
      this.#next = this.#times.next();
    }
  }
}
