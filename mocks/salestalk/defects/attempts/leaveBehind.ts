import { AiCallError } from '../../api/ai/aiCallError.ts';

export type LeftBehind = {
  /** Aborts as the given one does, but never for a time-out. */
  signal: AbortSignal;
  /** The same as the work, until the given signal aborts: then it fails with the signal's reason, and the work goes on. */
  orLeft<T>(work: Promise<T>): Promise<T>;
  /** Has the time-out fired? */
  hasLeft(): boolean;
};

/** Takes the time-out out of a signal, so that whoever waited can go without ending what it waited for. */
export function leaveBehind(given: AbortSignal): LeftBehind {
  const controller = new AbortController();
  const hasLeft = (): boolean =>
    given.reason instanceof AiCallError && given.reason.reason === 'timeout';
  const pass = (): void => {
    if (!hasLeft()) controller.abort(given.reason);
  };
  if (given.aborted) pass();
  else given.addEventListener('abort', pass, { once: true });
  return {
    signal: controller.signal,
    hasLeft,
    orLeft: (work) =>
      new Promise((resolve, reject) => {
        const leave = (): void => reject(given.reason);
        if (given.aborted) leave();
        else given.addEventListener('abort', leave, { once: true });
        const stay = (): void => given.removeEventListener('abort', leave);
        work.then(resolve, reject).finally(stay);
      }),
  };
}
