import { AiCallError } from './ai/aiCallError.ts';

const quietMs = 1_000;

/**
 * Tells the operator of failures, at most one a second, so that a provider that is down does not drown the log: the next
 * line says how many were left out. What the model wrote and what the user asked are not in it.
 */
export function failureLog(
  write: (line: string) => void,
  nowMs: () => number = () => performance.now(),
): (failure: unknown) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (failure) => {
    if (nowMs() - lastMs < quietMs) {
      leftOut += 1;
      return;
    }
    const more = leftOut === 0 ? '' : ` (and ${leftOut} failures before that were not shown)`;
    write(`salestalk: ${wordsFor(failure)}${more}`);
    lastMs = nowMs();
    leftOut = 0;
  };
}

function wordsFor(failure: unknown): string {
  if (failure instanceof AiCallError)
    return `model call failed, ${failure.reason}: ${failure.message}`;
  if (failure instanceof Error) return failure.stack ?? failure.message;
  return String(failure);
}
