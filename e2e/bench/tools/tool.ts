import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../../probes/inheritedEnvironment.ts';

/** Requests at a constant rate, however long the answers take. */
export type OpenLoad = {
  url: string;
  ratePerSecond: number;
  seconds: number;
  /** Time before that at the same rate, which is not counted. */
  warmUpSeconds?: number;
  /** Connections or virtual users: most requests in flight. */
  connections: number;
  /** Posted as JSON; left out: GET. */
  body?: string;
};

/** Requests of users who each wait for their answer before they send again. */
export type ClosedLoad = {
  url: string;
  users: number;
  seconds: number;
  thinkMs?: number;
  body?: string;
};

export type Load = OpenLoad | ClosedLoad;

/** Null for a quantile that the tool does not report. */
export type QuantilesMs = Record<'p50' | 'p95' | 'p99', number | null>;

/** What a tool reports of a load. */
export type ToolReport = {
  /** Answered well. */
  requests: number;
  failed: number;
  firstFailure?: string | null;
  /** Due by the tool's own schedule and never sent; null where it does not say. */
  dropped: number | null;
  /** By way of timing: a tool may time in more than one. */
  quantilesMs: Record<string, QuantilesMs>;
};

/** A program that puts a server under load, and how to read what it prints. */
export type Tool = {
  name: string;
  file: string;
  /** @param flags further options of the program */
  command(load: Load, flags: readonly string[]): ProgramInput;
  /** Null for an output that is not understood. */
  read(stdout: string): ToolReport | null;
};

/** A tool of others: searched for on the PATH, never installed by us. */
export type Peer = Omit<Tool, 'file'> & {
  name: PeerName;
  install: string;
  versionArgs: string[];
  versionPattern: RegExp;
};

export type PeerName = 'k6' | 'autocannon' | 'wrk';

type ProgramInput = { args: string[]; stdin?: string; variables?: Record<string, string> };

/** Beyond the duration of a load: start-up, requests still in flight, and the report. */
const GRACE_SECONDS = 40;

/**
 * Runs a tool once.
 * @throws Error if it cannot be run, is not understood, or had failed requests: then it measured something else
 */
export async function runTool(
  tool: Tool,
  load: Load,
  flags: readonly string[] = [],
): Promise<ToolReport & { cpuSeconds: number | null }> {
  const warmUpSeconds = ('warmUpSeconds' in load && load.warmUpSeconds) || 0;
  const timeoutMs = (load.seconds + warmUpSeconds + GRACE_SECONDS) * 1000;
  const input = tool.command(load, flags);
  const { stdout, cpuSeconds } = await runProgram(tool.file, { ...input, timeoutMs });
  return { ...readReport(tool, stdout), cpuSeconds };
}

/** @throws Error for an output that is not understood, and for failed requests */
export function readReport({ name, read }: Pick<Tool, 'name' | 'read'>, stdout: string) {
  const report = read(stdout);
  if (report === null) {
    throw new Error(`the output of ${name} is not understood: ${stdout.slice(0, 120)}`);
  }
  const { requests, failed, firstFailure = null } = report;
  if (failed === 0) return report;
  const why = firstFailure === null ? '' : `: ${firstFailure}`;
  throw new Error(`${failed} of ${requests + failed} requests failed${why}`);
}

const execute = promisify(execFile);

/**
 * Runs a program to its end. One at a time, or CPU times get mixed up.
 * @returns what it printed, and the CPU time of all of its threads; null where the system does not say
 * @throws Error that names the program and its last line, if it cannot be started, fails, or takes too long
 */
export async function runProgram(
  file: string,
  { args, stdin = '', variables, timeoutMs }: ProgramInput & { timeoutMs: number },
): Promise<{ stdout: string; cpuSeconds: number | null }> {
  const cpuBefore = readCpuSeconds('/proc/self/stat', ENDED_CHILDREN);
  const inherited = inheritedEnvironment();
  // Scripts such as autocannon run on the Node that we run on.
  const searchPath = [path.dirname(process.execPath), inherited.PATH ?? ''].join(path.delimiter);
  const running = execute(file, args, {
    env: { ...inherited, PATH: searchPath, ...variables },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const kill = (): void => void running.child.kill('SIGKILL');
  process.once('exit', kill);
  // It may end without reading its input.
  running.child.stdin?.on('error', () => undefined).end(stdin);
  try {
    const { stdout } = await running;
    const cpuAfter = readCpuSeconds('/proc/self/stat', ENDED_CHILDREN);
    const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
    return { stdout, cpuSeconds };
  } catch (error) {
    throw describeFailure(file, error as ProgramError);
  } finally {
    process.off('exit', kill);
  }
}

type ProgramError = Error & {
  code?: number | string;
  signal?: string;
  stdout: string;
  stderr: string;
};

function describeFailure(file: string, error: ProgramError): Error {
  const { code, signal, stdout, stderr } = error;
  // The system's code: it did not start.
  if (typeof code === 'string') return error;
  const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  return new Error(
    `${path.basename(file)} ended with ${signal ?? code}: ${lastLine.slice(0, 200)}`,
  );
}

/** CPU seconds, user and system, of all threads of a process so far. Null where there is no /proc, or no such process. */
export function cpuSecondsOf(pid: number): number | null {
  return readCpuSeconds(`/proc/${pid}/stat`, OWN);
}

/** Fields of `/proc/<pid>/stat` (proc(5)), counted from the third: user and system time of a process, and of its children that ended. */
export const OWN = { user: 11, system: 12 };
export const ENDED_CHILDREN = { user: 13, system: 14 };

function readCpuSeconds(file: string, fields: typeof OWN): number | null {
  try {
    return parseCpuSeconds(readFileSync(file, 'utf8'), fields);
  } catch {
    return null;
  }
}

/** The kernel counts in ticks of this length wherever Linux runs on a common machine (USER_HZ). */
const TICKS_PER_SECOND = 100;

export function parseCpuSeconds(stat: string, { user, system }: typeof OWN): number | null {
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[user]) + Number(fields[system]);
  return Number.isInteger(ticks) ? ticks / TICKS_PER_SECOND : null;
}
