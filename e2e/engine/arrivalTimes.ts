import { type ArrivalModel, type RatePiece, rateProfile } from '../core/load/arrivalModel.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';

/**
 * Intended start times in ms from the start, rising, made as they are asked for: however long the load, none are kept. The number of
 * arrivals up to a time follows the rate of the model; gaps are the mean one, ± 50 % by chance, so that requests keep apart yet fall
 * into step with nothing periodic, and for a Poisson process exponential.
 */
export function* arrivalTimes(
  arrivals: ArrivalModel,
  durationSeconds: number,
  draw: Draw,
): Generator<number> {
  const pieces = rateProfile(arrivals, durationSeconds);
  const gap = arrivals.model === 'poisson' ? () => -Math.log(1 - draw()) : () => 0.5 + draw();
  // The first is due at once where gaps are even; a Poisson process has to be waited for.
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

/** When within a piece so many have arrived: the inverse of the integral of a rate that goes evenly from one value to another. */
function secondsUntil(arrived: number, { seconds, from, to }: RatePiece): number {
  // At a rate that starts from nothing there is nothing to divide by.
  if (arrived === 0) return 0;
  const slope = (to - from) / seconds;
  if (Math.abs(slope) < 1e-12) return arrived / from;
  // The root that stays exact for small slopes.
  return (2 * arrived) / (from + Math.sqrt(from * from + 2 * slope * arrived));
}

/**
 * Intended start times in ms from the start, `count` of them at `ratePerSecond` on average: each gap is the mean one, ± 50 % by chance,
 * so that requests keep apart yet fall into step with nothing periodic.
 */
export function jitteredArrivals(count: number, ratePerSecond: number, draw: Draw): number[] {
  const meanGapMs = 1000 / ratePerSecond;
  let atMs = 0;
  return Array.from({ length: count }, () => {
    const dueMs = atMs;
    atMs += meanGapMs * (0.5 + draw());
    return dueMs;
  });
}

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
