import { plainText } from '../core/plainText.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { quantile } from '../core/statistics/quantile.ts';
import { sortSample } from '../core/statistics/sortedSample.ts';
import type { RunJudgement } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import type { Conclusion } from './concludeRun.ts';

/** Everything that a report of a run shows. */
export function buildSummary(
  { run, noops, harness }: RunRecord,
  { judgements, notMeasured }: RunJudgement,
  { verdict, reasons }: Conclusion,
  durationMs: number,
): Summary {
  const { id, startedAt, commit, target, environment, knownGaps } = run;
  const roundTrips = noops.map((noop) => noop.roundTripMs);
  return {
    schemaVersion: 1,
    run: { id, startedAt, durationMs, commit, target, environment },
    verdict,
    reasons: reasons.map(plainText),
    objectives: judgements.map((one) => ({ ...one, reason: plainText(one.reason) })),
    notMeasured: notMeasured.map(({ id, reason }) => ({ id, reason: plainText(reason) })),
    knownGaps: knownGaps.map(({ id, release, impact }) => ({
      id,
      // Nothing in a record speaks of a gap yet.
      state: 'notMeasured',
      release,
      impact,
    })),
    harness: {
      noopRoundTripMs: roundTrips.length === 0 ? null : quantile(sortSample(roundTrips), 0.5),
      workloads: harness.map(({ type: _, ...line }) => line),
    },
  };
}
