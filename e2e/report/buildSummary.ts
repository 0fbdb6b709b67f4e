import type { ConnectionLine, EncodingLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { findTargetStalls } from '../core/record/targetStalls.ts';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import { plainText } from '../core/terminalText.ts';
import type { RunJudgement } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { admittedMisses, type Conclusion } from './concludeRun.ts';
import { counted } from './describeSummary.ts';
import { summarizeLoad } from './summarizeLoad.ts';

/** The summary of a run holds all that its reports show. */
export function buildSummary(
  record: RunRecord,
  { judgements, notMeasured, notSelected, gaps, findings }: RunJudgement,
  { verdict, reasons }: Conclusion,
  durationMs: number,
): Summary {
  const { run, noops, harness, loads, processes } = record;
  const admits = admittedMisses(gaps);
  const roundTrips = noops.map((noop) => noop.roundTripMs);
  return makeTextsPlain({
    schemaVersion: 1,
    run: {
      id: run.id,
      startedAt: run.startedAt,
      durationMs,
      commit: run.commit,
      target: run.target,
      environment: { ...run.environment, ...describeTransport(record) },
      stalls: findTargetStalls(record).map(({ fromMs, ...stall }) => ({
        ...stall,
        startedAt: new Date(fromMs).toISOString(),
      })),
    },
    verdict,
    reasons,
    findings,
    objectives: judgements.map((one) => ({ ...one, knownGap: admits.get(one.id) ?? null })),
    notMeasured: notMeasured.map(({ id, reason }) => ({ id, reason })),
    notSelected,
    knownGaps: run.knownGaps.map(({ id, what, release, impact }) => {
      const { state, observed, missed } = gaps.find((gap) => gap.id === id) ?? NOT_JUDGED;
      return { id, state, what, observed, missed, release, impact };
    }),
    loads: loads.flatMap((load) => summarizeLoad(load, processes, run.objectives) ?? []),
    harness: {
      noopRoundTripMs: roundTrips.length === 0 ? null : quantile(sortSample(roundTrips), 0.5),
      workloads: harness.map(({ type: _, ...line }) => line),
    },
  });
}

/** The result of each gap if the record could not be judged. */
const NOT_JUDGED = {
  state: 'notMeasured' as const,
  observed: 'nothing of the run was judged',
  missed: [],
};

/** Unknown parts are left out. */
function describeTransport({ connections, encodings }: RunRecord): Record<string, string> {
  const api = describeConnections(connections);
  const encoding = describeEncodings(encodings);
  return {
    ...(api === null ? {} : { connections: api }),
    ...(encoding === null ? {} : { contentEncoding: encoding }),
  };
}

/** Such as "HTTP/1.1 over TLS, 12 connections"; null if none was opened. */
export function describeConnections(connections: readonly ConnectionLine[]): string | null {
  const kinds = Map.groupBy(connections, ({ http, tls }) => {
    return `HTTP/${http}${tls === null ? '' : ' over TLS'}`;
  });
  const parts = [...kinds].map(([kind, { length }]) => {
    return `${kind}, ${counted(length, 'connection')}`;
  });
  return parts.length === 0 ? null : parts.join('; ');
}

/** Such as "gzip"; null if no answer was encoded. */
export function describeEncodings(encodings: readonly EncodingLine[]): string | null {
  const names = new Set(encodings.map(({ encoding }) => encoding));
  return names.size === 0 ? null : [...names].join(' and ');
}

/** Any text may come from the target, and must not control a terminal or a CI system. */
function makeTextsPlain(summary: Summary): Summary {
  return JSON.parse(JSON.stringify(summary), (_, value) =>
    typeof value === 'string' ? plainText(value) : value,
  );
}
