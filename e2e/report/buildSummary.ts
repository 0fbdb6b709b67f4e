import { type LoadSummary, summarizeLoad } from '../core/record/loadSummary.ts';
import { describeConnections, describeEncodings, type RunLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { findTargetStalls } from '../core/record/targetStalls.ts';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import { plainText } from '../core/terminalText.ts';
import type { GapJudgement } from '../core/verdict/judgeGaps.ts';
import type { RunJudgement } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { admittedMisses, type Conclusion } from './concludeRun.ts';

/** The summary of a run: all that its reports show. */
export function buildSummary(
  record: RunRecord,
  { judgements, notMeasured, notSelected, gaps, findings }: RunJudgement,
  { verdict, reasons }: Conclusion,
  durationMs: number,
): Summary {
  const { run, noops, harness, loads, processes } = record;
  const { id, startedAt, commit, target } = run;
  const environment = { ...run.environment, ...describeTransport(record) };
  const stalls = findTargetStalls(record).map(({ fromMs, ...stall }) => ({
    ...stall,
    startedAt: new Date(fromMs).toISOString(),
  }));
  const admits = admittedMisses(gaps);
  const roundTrips = noops.map((noop) => noop.roundTripMs);
  return {
    schemaVersion: 1,
    run: { id, startedAt, durationMs, commit, target, environment, stalls },
    verdict,
    reasons: reasons.map(plainText),
    findings: findings.map(plainText),
    objectives: judgements.map((one) => ({
      ...one,
      reason: plainText(one.reason),
      knownGap: admits.get(one.id) ?? null,
    })),
    notMeasured: notMeasured.map(({ id, reason }) => ({ id, reason: plainText(reason) })),
    notSelected,
    knownGaps: run.knownGaps.map((listed) => summarizeGap(listed, gaps)),
    loads: loads.flatMap((load) => {
      const summary = summarizeLoad(load, processes, run.objectives);
      return summary === null ? [] : [withPlainText(summary)];
    }),
    harness: {
      noopRoundTripMs: roundTrips.length === 0 ? null : quantile(sortSample(roundTrips), 0.5),
      workloads: harness.map(({ type: _, ...line }) => line),
    },
  };
}

/** Unknown parts are left out. */
function describeTransport({ connections, encodings }: RunRecord): Record<string, string> {
  const api = describeConnections(connections);
  const encoding = describeEncodings(encodings);
  return {
    ...(api === null ? {} : { connections: api }),
    ...(encoding === null ? {} : { contentEncoding: plainText(encoding) }),
  };
}

/** Failures may contain text of the target. */
function withPlainText(load: LoadSummary): LoadSummary {
  return {
    ...load,
    result: { ...load.result, failures: plainFailures(load.result) },
    steps: load.steps.map((step) => ({ ...step, failures: plainFailures(step) })),
  };
}

function plainFailures({ failures }: LoadSummary['result']): LoadSummary['result']['failures'] {
  return failures.map(({ failure, n }) => ({ failure: plainText(failure), n }));
}

function summarizeGap(
  { id, what, release, impact }: RunLine['knownGaps'][number],
  gaps: GapJudgement[],
): Summary['knownGaps'][number] {
  const { state, observed, missed } = gaps.find((gap) => gap.id === id) ?? NOT_JUDGED;
  return {
    id,
    state,
    what: plainText(what),
    observed: plainText(observed),
    missed,
    release: plainText(release),
    impact,
  };
}

/** For a record that could not be judged. */
const NOT_JUDGED = {
  state: 'notMeasured',
  observed: 'nothing of the run was judged',
  missed: [],
} satisfies Omit<GapJudgement, 'id'>;
