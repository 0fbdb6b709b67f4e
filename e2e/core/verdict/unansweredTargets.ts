import { NONE } from '../record/compactLine.ts';
import { endOfRequest } from '../record/endOfRequest.ts';
import type { LoadTable } from '../record/loadTable.ts';
import type { RequestLine } from '../record/recordLine.ts';
import type { RunRecord } from '../record/runRecord.ts';

/** After as many failures in a row a target may have ceased to answer: it is asked at a low rate from then on. */
export const FAILURES_IN_A_ROW = 100;

/** If they last as long, it has. A target that is restarted is back sooner. */
export const DOWN_AFTER_MS = 15_000;

/** Failures in a row at the end of a workload. */
type Streak = { failures: number; fromMs: number; untilMs: number; last: string };

/**
 * Have the last requests of a scope all failed? By the order in which they ended, which is that of the record as it is written. Asked before
 * each request is sent, so it reads no more than it has to.
 */
export function endsInFailures(requests: readonly RequestLine[], ofScope: string): boolean {
  let failures = 0;
  for (let at = requests.length - 1; at >= 0 && failures < FAILURES_IN_A_ROW; at--) {
    const { scope, failure } = requests[at] as RequestLine;
    if (scope !== ofScope) continue;
    if (failure === null) return false;
    failures += 1;
  }
  return failures === FAILURES_IN_A_ROW;
}

/**
 * Workloads at whose end the target had ceased to answer, a sentence each. Under a fault that we caused nothing follows from failures.
 * Each fails the run; the objectives keep what their own events say.
 */
export function unansweredTargets({
  requests,
  loads,
}: Pick<RunRecord, 'requests' | 'loads'>): string[] {
  const faultless = requests.filter(({ fault, via }) => fault === null && via === 'api');
  const streaks = [
    ...[...Map.groupBy(faultless, ({ workload }) => workload)].map(
      ([workload, lines]) => [workload, streakOfRequests(lines)] as const,
    ),
    ...loads.map((load) => [load.workload, streakOfLoad(load)] as const),
  ];
  return streaks.flatMap(([workload, streak]) =>
    streak !== null &&
    streak.failures >= FAILURES_IN_A_ROW &&
    streak.untilMs - streak.fromMs >= DOWN_AFTER_MS
      ? [describe(workload, streak)]
      : [],
  );
}

/** By the order of their ends, as while measuring: the last that was answered may have been sent after some that were not. */
function streakOfRequests(requests: readonly RequestLine[]): Streak | null {
  const byEnd = requests.toSorted((a, b) => endOfRequest(a) - endOfRequest(b));
  const lastAnswer = byEnd.findLastIndex(({ failure }) => failure === null);
  const failed = byEnd.slice(lastAnswer + 1);
  const last = failed.at(-1);
  if (last === undefined) return null;
  const answered = byEnd[lastAnswer];
  return {
    failures: failed.length,
    fromMs: Math.max(
      answered === undefined ? 0 : endOfRequest(answered),
      Math.min(...failed.map(({ sentAtMs }) => sentAtMs)),
    ),
    untilMs: endOfRequest(last),
    last: last.failure ?? '',
  };
}

/** Read from the end: of a million requests only the last ones matter. */
function streakOfLoad({ lines }: LoadTable): Streak | null {
  let streak: Streak | null = null;
  for (const line of lines.toReversed()) {
    if (line.warmUp) continue;
    for (let at = line.index.length - 1; at >= 0; at--) {
      const failure = line.failure[at] as number;
      if (failure === NONE) return streak;
      const dueAtMs = line.fromMs + (line.dueMs[at] as number);
      streak ??= { failures: 0, fromMs: dueAtMs, untilMs: dueAtMs, last: '' };
      if (streak.last === '') streak.last = line.failures[failure] ?? '';
      streak.failures += 1;
      streak.fromMs = Math.min(streak.fromMs, dueAtMs);
    }
  }
  return streak;
}

function describe(workload: string, { failures, fromMs, untilMs, last }: Streak): string {
  const since = `${new Date(fromMs).toISOString().slice(0, 19)}Z`;
  const seconds = Math.round((untilMs - fromMs) / 1000);
  return `The target has answered nothing since ${since}: the last ${failures} requests of ${workload} failed, over ${seconds} s; the last: ${last}`;
}
