import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inheritedEnvironment } from '../../probes/inheritedEnvironment.ts';

/** What a program that ended well has written, and what it cost. */
export type ToolRun = {
  stdout: string;
  stderr: string;
  /** CPU time of all of its threads; null where the system does not say. */
  cpuSeconds: number | null;
};

export type ToolOptions = {
  stdin?: string;
  variables?: Record<string, string>;
  /** Killed after this long: a benchmark ends. */
  timeoutMs: number;
  /** An exit status that counts as success, beside 0. */
  successStatus?: number;
};

/**
 * Runs a program to its end. One at a time, or CPU times get mixed up.
 * @throws Error that names the program and its last line, where it cannot be started, fails, or takes too long
 */
export async function runTool(
  file: string,
  args: readonly string[],
  { stdin = '', variables = {}, timeoutMs, successStatus = 0 }: ToolOptions,
): Promise<ToolRun> {
  const cpuBefore = readCpuSeconds('/proc/self/stat', ENDED_CHILDREN);
  const inherited = inheritedEnvironment();
  // Scripts such as autocannon run on the very Node that we run on.
  const searchPath = [path.dirname(process.execPath), inherited.PATH ?? ''].join(path.delimiter);
  const child = spawn(file, args, { env: { ...inherited, PATH: searchPath, ...variables } });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const timer = setTimeout(kill, timeoutMs);
  // It may end without reading its input.
  child.stdin.on('error', () => undefined).end(stdin);
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(signal ?? String(code)));
  });
  const [stdout, stderr, end] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    ended,
  ]).finally(() => {
    clearTimeout(timer);
    process.off('exit', kill);
  });
  const cpuAfter = readCpuSeconds('/proc/self/stat', ENDED_CHILDREN);
  if (end !== '0' && end !== String(successStatus)) {
    const lastLine = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    throw new Error(`${path.basename(file)} ended with ${end}: ${lastLine.slice(0, 200)}`);
  }
  const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return { stdout, stderr, cpuSeconds };
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream.setEncoding('utf8')) text += piece;
  return text;
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
