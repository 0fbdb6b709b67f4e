import type { Judgement } from './verdict.ts';

/**
 * Voids a verdict under load where the generator did not offer the load in time: late sends come in heaps and out of step with the
 * schedule, which can flatter as well as harm. Lateness is measured by the harness's own timer, so where it is unknown nothing was sent on
 * schedule, and the verdict is void too.
 * @param lateP99Ms lateness of the sends at P99; null when unknown
 * @param mostLateMs what the schedule tolerates
 */
export function voidLateLoad(
  judgement: Judgement,
  lateP99Ms: number | null,
  mostLateMs: number,
): Judgement {
  if (judgement.n === 0 || (lateP99Ms !== null && lateP99Ms <= mostLateMs)) return judgement;
  const late = lateP99Ms === null ? 'unknown' : `${lateP99Ms.toFixed(1)} ms`;
  const reason = `the load was not offered as scheduled: lateness of the sends at P99 is ${late}, ${mostLateMs} ms are tolerated`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}
