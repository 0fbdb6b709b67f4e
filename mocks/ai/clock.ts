import { clearTimeout, setTimeout } from 'node:timers';

/**
 * Milliseconds since the epoch, with fractions. Unlike Date.now() it never steps when the system's clock is set,
 * so that the difference of two readings is a duration.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

// Timers count whole milliseconds and fire up to 1 ms early or late. Aiming 1 ms short and looking again keeps the error within
// half a millisecond. Spinning would be exact, and take a core.
const TIMER_GRAIN_MS = 1;
const CLOSE_ENOUGH_MS = TIMER_GRAIN_MS / 2;
// A timer of more milliseconds than 32 bits hold fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits until a point in time, given as `epochMs()` counts it; 'aborted' if the signal aborts before. Infinity is never due.
 * A deadline, not a duration, so that an earlier wait that ended late delays nothing after it.
 */
export function sleepUntil(deadlineMs: number, signal: AbortSignal): Promise<'due' | 'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted');
  if (deadlineMs - epochMs() < CLOSE_ENOUGH_MS) return Promise.resolve('due');
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve('aborted');
    };
    const look = (): void => {
      const remainingMs = deadlineMs - epochMs();
      if (remainingMs < CLOSE_ENOUGH_MS) {
        signal.removeEventListener('abort', onAbort);
        resolve('due');
        return;
      }
      const waitMs = Math.max(TIMER_GRAIN_MS, Math.floor(remainingMs) - TIMER_GRAIN_MS);
      timer = setTimeout(look, Math.min(MAX_TIMER_MS, waitMs));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    look();
  });
}
