import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Segment } from '../../engine/segment.ts';
import { inheritedEnvironment } from '../../probes/environment.ts';

/** Requests at a constant rate, however long the answers take. */
export type OpenLoad = {
  url: string;
  ratePerSecond: number;
  seconds: number;
  /** Time before the load at the same rate, whose requests are not counted. */
  warmUpSeconds?: number;
  /** Connections or virtual users: the most requests in flight. */
  connections: number;
  /** Posted as JSON. Without it the method is GET. */
  body?: string;
  /** Only ours: the part of a Poisson schedule of this rate that is offered. */
  segment?: Segment;
};

/** Requests of users who each wait for an answer before they send again. */
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

export type ToolReport = {
  /** Those that did not fail. */
  requests: number;
  failed: number;
  firstFailure?: string | null;
  /** Requests that were due by the tool's schedule and never sent; null if it does not report them. */
  dropped: number | null;
  /** By the way of timing: a tool may time in several ways. */
  quantilesMs: Record<string, QuantilesMs>;
};

/** A program that puts a server under load, and how to read what it prints. */
export type Tool = {
  name: string;
  file: string;
  command(load: Load, flags: readonly string[]): ProgramInput;
  /** Null if the output is not understood. */
  read(stdout: string): ToolReport | null;
};

/** A tool that is not part of this repository: searched for on the PATH, and never installed. */
export type Peer = Omit<Tool, 'file'> & {
  name: PeerName;
  install: string;
  versionArgs: string[];
  versionPattern: RegExp;
};

export type PeerName = 'k6' | 'autocannon' | 'wrk';

type ProgramInput = {
  args: string[];
  stdin?: string;
  variables?: Record<string, string>;
  cwd?: string;
};

/** For start-up, requests still in flight, and the report. */
const GRACE_SECONDS = 40;

/** @throws Error if it cannot be run, its output is not understood, or requests failed: then it measured something else */
export async function runTool(
  tool: Tool,
  load: Load,
  flags: readonly string[] = [],
): Promise<ToolReport & { cpuSeconds: number | null }> {
  const warmUpSeconds = 'users' in load ? 0 : (load.warmUpSeconds ?? 0);
  const timeoutMs = (load.seconds + warmUpSeconds + GRACE_SECONDS) * 1000;
  const input = tool.command(load, flags);
  const { stdout, cpuSeconds } = await runProgram(tool.file, { ...input, timeoutMs });
  return { ...readReport(tool, stdout), cpuSeconds };
}

/** @throws Error if the output is not understood or requests failed */
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
 * Runs a program to its end. Run one program at a time: the CPU time is that of all children that end meanwhile.
 * @returns its output, and the CPU time of all its threads; null if the system does not report it
 * @throws Error that names the program and its last line, if it cannot be started, fails, or takes too long
 */
export async function runProgram(
  file: string,
  { args, stdin = '', variables, cwd, timeoutMs }: ProgramInput & { timeoutMs: number },
): Promise<{ stdout: string; cpuSeconds: number | null }> {
  const cpuBefore = readCpuSeconds('/proc/self/stat', ENDED_CHILDREN);
  const inherited = inheritedEnvironment();
  // Scripts such as autocannon must run on the same Node.
  const searchPath = [path.dirname(process.execPath), inherited.PATH ?? ''].join(path.delimiter);
  const running = execute(file, args, {
    env: { ...inherited, PATH: searchPath, ...variables },
    ...(cwd === undefined ? {} : { cwd }),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const kill = (): void => void running.child.kill('SIGKILL');
  process.once('exit', kill);
  // The program may end without reading its input.
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
  // A code of the system, such as ENOENT: the program did not start.
  if (typeof code === 'string') return error;
  const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  return new Error(
    `${path.basename(file)} ended with ${signal ?? code}: ${lastLine.slice(0, 200)}`,
  );
}

/** CPU seconds, user and system, of all threads of a process so far. Null without /proc or without such a process. */
export function readProcessCpuSeconds(pid: number): number | null {
  return readCpuSeconds(`/proc/${pid}/stat`, OWN);
}

/** Fields of `/proc/<pid>/stat` (proc(5)), counted from the third: CPU time of a process, and of its children that ended. */
export const OWN = { user: 11, system: 12 };
export const ENDED_CHILDREN = { user: 13, system: 14 };

function readCpuSeconds(file: string, fields: typeof OWN): number | null {
  try {
    return parseCpuSeconds(readFileSync(file, 'utf8'), fields);
  } catch {
    return null;
  }
}

/** USER_HZ: Linux counts CPU time in these ticks on all common machines. */
const TICKS_PER_SECOND = 100;

export function parseCpuSeconds(stat: string, { user, system }: typeof OWN): number | null {
  // The second field is the name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[user]) + Number(fields[system]);
  return Number.isInteger(ticks) ? ticks / TICKS_PER_SECOND : null;
}
