type Step = 'submit' | 'first-chunk' | 'complete';

const steps: readonly Step[] = ['submit', 'first-chunk', 'complete'];
let markedRequestId: string | null = null;

/**
 * Marks a step of a question as `salestalk:<step>:<request id>` in User Timing, for monitoring of real users. Only the
 * marks of the latest question are kept: the browser holds marks until they are cleared.
 */
export function markStep(step: Step, requestId: string): void {
  if (markedRequestId !== null && markedRequestId !== requestId) {
    for (const old of steps) performance.clearMarks(`salestalk:${old}:${markedRequestId}`);
  }
  markedRequestId = requestId;
  performance.mark(`salestalk:${step}:${requestId}`);
}
