import { spawn } from 'node:child_process';
import path from 'node:path';
import { inheritedEnvironment } from '../../probes/inheritedEnvironment.ts';
import { cpuSecondsOfEndedChildren } from './cpuSeconds.ts';

/** What a program that ended well has said, and what it cost. */
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
  /** An exit status that is well with it, beside 0. */
  alsoWell?: number;
};

/**
 * Runs a program to its end. One at a time, or CPU times get mixed up.
 * @throws Error that names the program and what it said last, where it cannot be started, fails, or takes too long
 */
export async function runTool(
  file: string,
  args: readonly string[],
  { stdin = '', variables = {}, timeoutMs, alsoWell = 0 }: ToolOptions,
): Promise<ToolRun> {
  const name = path.basename(file);
  const cpuBefore = cpuSecondsOfEndedChildren();
  const child = spawn(file, args, { env: { ...environment(), ...variables } });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const timer = setTimeout(kill, timeoutMs);
  // It may end without reading what it is told.
  child.stdin.on('error', () => undefined).end(stdin);
  const [stdout, stderr, end] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    ended(child),
  ]).finally(() => {
    clearTimeout(timer);
    process.off('exit', kill);
  });
  const cpuAfter = cpuSecondsOfEndedChildren();
  if (end !== '0' && end !== String(alsoWell)) {
    const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    throw new Error(`${name} ended with ${end}: ${said.slice(0, 200)}`);
  }
  const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return { stdout, stderr, cpuSeconds };
}

/** Scripts such as autocannon run on the very Node that we run on. */
function environment(): Record<string, string> {
  const inherited = inheritedEnvironment();
  const own = path.dirname(process.execPath);
  return { ...inherited, PATH: [own, inherited.PATH ?? ''].join(path.delimiter) };
}

function ended(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(signal ?? String(code)));
  });
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream.setEncoding('utf8')) text += piece;
  return text;
}
