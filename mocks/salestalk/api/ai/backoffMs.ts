const firstStepMs = 100;

/** The longest wait after the `failures`-th failure in a row, in milliseconds: 100 × 2^(failures − 1). */
export const backoffStepMs = (failures: number): number => firstStepMs * 2 ** (failures - 1);

/**
 * The wait after the `failures`-th failure in a row, in milliseconds: between half and the whole of its step.
 * `share` in [0, 1) places it there. Half of the step always stays, so that jitter cannot undo the exponential growth;
 * the other half keeps callers that failed together from coming back together.
 */
export function backoffMs(failures: number, share: number): number {
  const stepMs = backoffStepMs(failures);
  return stepMs / 2 + (stepMs / 2) * share;
}
