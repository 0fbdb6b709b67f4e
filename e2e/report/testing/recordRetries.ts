import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { modelCallOf, recordOf, requestOf, STARTED_AT_MS } from '../../core/testing/recordOf.ts';
import { gapGrowth, retried } from '../charts/testing/faultObjectives.ts';

/** The known gap of a target that does not try again. */
export const RETRY_GAP = {
  id: 'retry-backoff',
  what: 'retries',
  release: 'v1.2',
  impact: 'medium',
};

/** Twenty requests under a fault. Each makes calls of the model at these times, and all calls fail. */
export function recordRetries(
  callsAtMs: number[],
  knownGaps: RunLine['knownGaps'] = [RETRY_GAP],
): RunRecord {
  const indices = Array.from({ length: 20 }, (_, at) => at);
  const record = recordOf([retried, gapGrowth], {
    requests: indices.map((index) =>
      requestOf(index, {
        workload: 'brokenModel',
        fault: 'brokenModel',
        status: 502,
        failure: '502',
      }),
    ),
    modelCalls: indices.flatMap((index) =>
      callsAtMs.map((ms, at) =>
        modelCallOf(index, {
          attempt: at + 1,
          arrivedAtMs: STARTED_AT_MS + ms,
          endedMs: 10,
          status: 503,
          fault: 'status',
        }),
      ),
    ),
  });
  record.run.knownGaps = knownGaps;
  return record;
}
