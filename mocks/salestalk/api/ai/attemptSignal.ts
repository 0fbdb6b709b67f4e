import type { Clock } from '../clock.ts';
import { AiCallError } from './aiCallError.ts';

export type AttemptSignal = {
  /** Aborts when the caller does, or when the time is over; the reason is the error to throw. */
  signal: AbortSignal;
  /** Gives the attempt its time anew. */
  restart(): void;
  /** Stops the time until the next restart. */
  pause(): void;
  /** Ends the watch; the signal never aborts after that. */
  stop(): void;
};

/** The signal under which one attempt at a model call runs; `limitMs` is asked at each start, null for no limit. */
export function attemptSignal(
  caller: AbortSignal,
  clock: Clock,
  limitMs: () => number | null,
): AttemptSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(caller.reason);
  if (caller.aborted) abort();
  else caller.addEventListener('abort', abort, { once: true });
  let callOff = (): void => {};

  const restart = (): void => {
    callOff();
    const ms = limitMs();
    if (ms === null) return;
    const giveUp = (): void =>
      controller.abort(new AiCallError('timeout', `no answer within ${Math.round(ms)} ms`));
    callOff = clock.schedule(giveUp, ms);
  };
  restart();

  return {
    signal: controller.signal,
    restart,
    pause: () => callOff(),
    stop() {
      callOff();
      caller.removeEventListener('abort', abort);
    },
  };
}
