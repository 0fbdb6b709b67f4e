import { clearTimeout, setTimeout } from 'node:timers';

/**
 * Milliseconds since the epoch, with fractions. Unlike Date.now() it never steps when the system's clock is set,
 * so that the difference of two readings is a duration.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

// A timer counts whole milliseconds from a clock that the loop reads once an iteration: it fires up to 1 ms early and 1 ms late.
// Aiming 1 ms short and looking again keeps the error within half a millisecond either way; spinning would be exact and take a core.
const TIMER_GRAIN_MS = 1;
const CLOSE_ENOUGH_MS = TIMER_GRAIN_MS / 2;
// A timer of more milliseconds than 32 bits hold fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits until a point in time, given as `epochMs()` counts it; 'aborted' if the signal aborts before. Infinity is never due.
 * A deadline, not a duration: every earlier wait that ended late is made good.
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
