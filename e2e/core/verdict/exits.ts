import type { ExitLine } from '../record/exitLine.ts';
import type { RunRecord } from '../record/runRecord.ts';

/**
 * The record of the workloads that were complete when the AI mock was lost: what was under way was measured under a model that the harness
 * could not provide any more, and its last calls were not recorded. The same record where the mock was there to the end.
 */
export function beforeMockWasLost(record: RunRecord): RunRecord {
  const lostAtMs = Math.min(...exitsOf(record, 'aiMock').map(({ atMs }) => atMs));
  if (lostAtMs === Number.POSITIVE_INFINITY) return record;
  const complete = record.workloads
    .filter(({ state, atMs }) => state === 'complete' && atMs < lostAtMs)
    .map(({ workload }) => workload);
  const isComplete = ({ workload }: { workload: string }): boolean => complete.includes(workload);
  const { requests, loads } = record;
  return { ...record, requests: requests.filter(isComplete), loads: loads.filter(isComplete) };
}

/** A target that dies fails the run: sentences, each with the process, the moment and how it ended. */
export function targetExits(record: Pick<RunRecord, 'exits'>): string[] {
  return exitsOf(record, 'target').map(
    (exit) => `The process of the target ended ${describe(exit)}: requests failed from then on`,
  );
}

/** The end of a process of the harness itself, which no target is to blame for. */
export function harnessExits(record: Pick<RunRecord, 'exits'>): string[] {
  return exitsOf(record, 'aiMock').map(
    (exit) =>
      `the process of the AI mock ended ${describe(exit)}: what was not complete by then is not counted`,
  );
}

function exitsOf({ exits }: Pick<RunRecord, 'exits'>, name: ExitLine['process']): ExitLine[] {
  return exits.filter((exit) => exit.process === name);
}

function describe({ atMs, status }: ExitLine): string {
  return `at ${new Date(atMs).toISOString().slice(11, 19)} UTC (${status})`;
}
