import type { Event } from '../record/event.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';

/** What ends an event may be seen a little after it, at the model or by a caller. */
const SEEN_WITHIN_MS = 2_000;
/** What is a matter of deadlines is not changed by standing still for less than this part of the time that it took, or this long. */
const TOLERATED_PART = 0.1;
const TOLERATED_MS = 100;

/**
 * May the harness itself have made a bad event of time: would it be good without the delays of its own, and without what the harness stood
 * still meanwhile? Where nobody saw the end of it, or it is bad for what was over too late, no difference tells: the harness must have stood
 * still for a good part of it.
 * @param limitMs what makes it bad; null where it has no value
 */
export function isOurs(
  { atMs, untilMs, value, isAtLeast }: Pick<Event, 'atMs' | 'untilMs' | 'value' | 'isAtLeast'>,
  limitMs: number | null,
  { lost, addedMs }: Pick<HarnessAllowance, 'lost' | 'addedMs'>,
): boolean {
  const endMs = Math.max(untilMs ?? atMs, atMs + (value ?? 0));
  if (limitMs === null || isAtLeast === true) {
    const toleratedMs = Math.max(TOLERATED_MS, (endMs - atMs) * TOLERATED_PART);
    return lost.between(atMs, endMs + SEEN_WITHIN_MS) >= toleratedMs;
  }
  return value !== null && value - lost.between(atMs, endMs) < limitMs + addedMs;
}
