import type { Objective } from '../budget/objective.ts';
import type { LoadTable } from '../record/loadTable.ts';
import { type AnsweredIds, endOfMeasurement, type RequestLine } from '../record/measurementLine.ts';
import type { ExitLine } from '../record/recordLine.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { shortText } from '../terminalText.ts';
import { formatCount } from './format.ts';

/** A sentence for each workload with answers that held another tenant's data and that no objective judges, as in a warm-up. One fails the run. */
export function describeForeignAnswers(
  judged: readonly Objective[],
  { requests, loads }: Pick<RunRecord, 'requests' | 'loads'>,
): string[] {
  const isolation = judged.filter(({ metric }) => metric.name === 'isolation');
  const counts = new Map<string, number>();
  const count = (workload: string, n: number) =>
    n > 0 && counts.set(workload, (counts.get(workload) ?? 0) + n);
  for (const request of requests) {
    const isForeign = request.checks.isolation === false;
    if (isForeign && !isolation.some((one) => judges(one, request))) count(request.workload, 1);
  }
  for (const { workload, blocks } of loads) {
    const isJudged = isolation.some((one) => one.workload === workload);
    for (const block of blocks) {
      if (isJudged && !block.head.warmUp) continue;
      let foreign = 0;
      for (let at = 0; at < block.length; at++) if (block.kindAt(at).isolated === false) foreign++;
      count(workload, foreign);
    }
  }
  return [...counts].map(
    ([workload, n]) =>
      `${n} ${n === 1 ? 'answer' : 'answers'} of ${workload} held the data of another tenant, and no objective that was judged counts ${n === 1 ? 'it' : 'them'}`,
  );
}

function judges({ workload }: Objective, request: RequestLine): boolean {
  const isMine = workload === null || workload === request.workload;
  return isMine && !request.warmUp && request.fault === null;
}

/** After this number of failures in a row the target may be down, and requests are sent at a low rate. */
export const FAILURES_IN_A_ROW = 100;

/** If the failures last this long, the target is down. One that is restarted is back sooner. */
export const DOWN_AFTER_MS = 15_000;

/** Failures in a row at the end of a workload. */
type Streak = { failures: number; fromMs: number; untilMs: number; last: string };

/** Whether the last requests of a scope all failed. @param requests in the order in which they ended */
export function endsInFailures(requests: readonly RequestLine[], ofScope: string): boolean {
  let failures = 0;
  // Called before each request, so it reads no more than it has to.
  for (let at = requests.length - 1; at >= 0 && failures < FAILURES_IN_A_ROW; at--) {
    const { scope, failure } = requests[at] as RequestLine;
    if (scope !== ofScope) continue;
    if (failure === null) return false;
    failures += 1;
  }
  return failures === FAILURES_IN_A_ROW;
}

/** A sentence for each workload at whose end the target was down, which fails the run. Requests under a fault of the harness do not count. */
export function describeUnansweredTargets({
  requests,
  loads,
}: Pick<RunRecord, 'requests' | 'loads'>): string[] {
  const faultless = requests.filter(({ fault }) => fault === null);
  const byWorkload = [...Map.groupBy(faultless, ({ workload }) => workload)];
  return [
    ...byWorkload.flatMap(([workload, lines]) => describeIfDown(workload, requestEndings(lines))),
    ...loads.flatMap((load) => describeIfDown(load.workload, loadEndings(load))),
  ];
}

function describeIfDown(workload: string, endings: Iterable<Ending>): string[] {
  const streak = lastStreak(endings);
  if (streak === null || streak.failures < FAILURES_IN_A_ROW) return [];
  const { failures, fromMs, untilMs, last } = streak;
  if (untilMs - fromMs < DOWN_AFTER_MS) return [];
  const since = `${new Date(fromMs).toISOString().slice(0, 19)}Z`;
  const seconds = Math.round((untilMs - fromMs) / 1000);
  return [
    `The target has answered nothing since ${since}: the last ${failures} requests of ${workload} failed, over ${seconds} s; the last: ${last}`,
  ];
}

/** How one request ended; `failure` is null if it was answered. */
type Ending = { failure: string | null; fromMs: number; untilMs: number };

/** Reads the endings backwards up to the last answer; null if the last request was answered. */
function lastStreak(endings: Iterable<Ending>): Streak | null {
  let streak: Streak | null = null;
  for (const { failure, fromMs, untilMs } of endings) {
    if (failure === null) return streak && { ...streak, fromMs: Math.max(streak.fromMs, untilMs) };
    streak ??= { failures: 0, fromMs, untilMs, last: failure };
    streak.failures += 1;
    streak.fromMs = Math.min(streak.fromMs, fromMs);
  }
  return streak;
}

/** Sorted by their ends, the last first: the last answered request may have been sent after some that failed. */
function requestEndings(requests: readonly RequestLine[]): Ending[] {
  return requests
    .map((one) => ({ failure: one.failure, fromMs: one.sentAtMs, untilMs: endOfMeasurement(one) }))
    .sort((a, b) => b.untilMs - a.untilMs);
}

/** One by one, since a load may have a million requests. */
function* loadEndings({ blocks }: LoadTable): Generator<Ending> {
  for (const block of blocks.toReversed()) {
    if (block.head.warmUp) continue;
    for (let at = block.length - 1; at >= 0; at--) {
      const dueAtMs = block.head.fromMs + block.dueMs.get(at);
      yield { failure: block.kindAt(at).failure, fromMs: dueAtMs, untilMs: dueAtMs };
    }
  }
}

/** Drops the workloads that were not complete when the AI mock's process ended: the harness, not the target, made them fail. */
export function dropWorkloadsAfterMockExit(record: RunRecord): RunRecord {
  const lostAtMs = Math.min(...selectExits(record, 'aiMock').map(({ atMs }) => atMs));
  if (lostAtMs === Number.POSITIVE_INFINITY) return record;
  const complete = record.workloads
    .filter(({ state, atMs }) => state === 'complete' && atMs < lostAtMs)
    .map(({ workload }) => workload);
  const isComplete = ({ workload }: { workload: string }): boolean => complete.includes(workload);
  const { requests, samples, loads } = record;
  return {
    ...record,
    requests: requests.filter(isComplete),
    samples: samples.filter(isComplete),
    loads: loads.filter(isComplete),
  };
}

/** A target whose process ends fails the run. @returns sentences with the time and the exit status */
export function describeTargetExits(record: Pick<RunRecord, 'exits'>): string[] {
  return selectExits(record, 'target').map(
    (exit) => `The process of the target ended ${describeExit(exit)}: requests failed from then on`,
  );
}

/** The AI mock belongs to the harness, so its end says nothing about the target. */
export function describeHarnessExits(record: Pick<RunRecord, 'exits'>): string[] {
  return selectExits(record, 'aiMock').map(
    (exit) =>
      `the process of the AI mock ended ${describeExit(exit)}: what was not complete by then is not counted`,
  );
}

function selectExits({ exits }: Pick<RunRecord, 'exits'>, name: ExitLine['process']): ExitLine[] {
  return exits.filter((exit) => exit.process === name);
}

function describeExit({ atMs, status }: ExitLine): string {
  return `at ${new Date(atMs).toISOString().slice(11, 19)} UTC (${status})`;
}

/** As long as a UUID with the prefix of a gateway. */
const LONGEST_ID = 48;

/** A sentence if answers have other ids than their requests, which then cannot be found by id in the logs of the target; else null. */
export function describeOtherIds({
  requests,
  loads,
}: Pick<RunRecord, 'requests' | 'loads'>): string | null {
  const answers = requests.filter(({ status }) => status !== null);
  const all = [
    ...answers.flatMap(({ requestId, answeredIds }) =>
      answeredIds === undefined ? [] : [{ n: 1, sent: requestId, answered: answeredIds }],
    ),
    ...loads.flatMap(({ blocks }) => blocks.flatMap(({ otherIds }) => [...otherIds.values()])),
  ];
  const [first] = all;
  if (first === undefined) return null;
  const n = all.reduce((sum, other) => sum + other.n, 0);
  const total = loads.reduce((sum, load) => sum + load.total, answers.length);
  return `request ids are not carried through: ${formatCount(n)} of ${formatCount(total)} requests (the first: sent ${shown(first.sent)}, got ${describeIds(first.answered)}); these answers cannot be tied to their requests by id`;
}

function describeIds({ header, body }: AnsweredIds): string {
  if (header === body) return `${shown(header)} in the header and in the body`;
  return `${shown(header)} in the header, ${shown(body)} in the body`;
}

function shown(id: string | null): string {
  return id === null ? 'none' : shortText(id, LONGEST_ID);
}
