import type { ModelAnswer } from '../aiModel.ts';
import { breakTransport, type ProviderError, refuseCall } from '../faults/faults.ts';
import type { Call } from '../journal/callLog.ts';
import type { PacedAnswer, WellAnswer } from './pacedAnswer.ts';

/** What is to be sent: what a provider has written, or what the call's fault makes of it. */
export function deliver(
  well: WellAnswer,
  options: {
    call: Call;
    answer: ModelAnswer;
    errorOf: (status: number) => ProviderError;
  },
): PacedAnswer {
  const { call, answer, errorOf } = options;
  const delivered = faulted(well, answer, errorOf);
  if (delivered !== well) replan(call, delivered.endAtMs);
  return delivered;
}

function faulted(
  well: WellAnswer,
  { fault, failAtMs }: ModelAnswer,
  errorOf: (status: number) => ProviderError,
): PacedAnswer {
  if (fault === null) return well;
  if (fault.kind === 'status' || fault.kind === 'rateLimit')
    return refuseCall(fault, failAtMs, errorOf);
  return breakTransport(well, fault, failAtMs);
}

const MICROSECONDS_A_MS = 1000;

/** A fault has its own end, against which the mock's lateness is counted; an answer that never comes keeps its drawn time. */
function replan(call: Call, endAtMs: number): void {
  if (call.received === null || !Number.isFinite(endAtMs)) return;
  // A double holds the time since the epoch to a quarter of a microsecond, so that the difference has stray digits.
  const plannedMs =
    Math.round((endAtMs - call.arrivedAtMs) * MICROSECONDS_A_MS) / MICROSECONDS_A_MS;
  call.received = { ...call.received, plannedMs };
}
