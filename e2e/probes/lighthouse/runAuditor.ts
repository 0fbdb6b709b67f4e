import { type ChildProcess, spawn } from 'node:child_process';
import { inheritedEnvironment } from '../inheritedEnvironment.ts';

/** What a child left: how it ended, all of its standard output, and the last 2 KiB of its standard error. */
export type EndedChild = { status: string; output: string; errors: string };

const MOST_ERROR_CHARACTERS = 2048;
/** How long a child that was asked to end may take. */
const TO_STOP_MS = 3000;

/**
 * Runs a script of ours on the runtime of this process, with `line` on its standard input, which stays open until the child has ended: a child
 * sees by it that its parent is gone.
 * @throws Error where it has not ended after `timeoutMs`; it has then, by force if need be
 */
export async function runAuditor(
  script: string,
  line: string,
  timeoutMs: number,
): Promise<EndedChild> {
  const onDeno = process.versions.deno !== undefined;
  const flags = onDeno ? ['run', '-A'] : ['--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script], {
    env: inheritedEnvironment('PLAYWRIGHT_BROWSERS_PATH'),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const timer = new AbortController();
  const ended = endOf(child);
  // A child that ends before it has read its order breaks the pipe; how it ended says more.
  child.stdin.on('error', () => {});
  child.stdin.write(`${line}\n`);
  const timedOut = new Promise<'timedOut'>((resolve) => {
    const timeout = setTimeout(() => resolve('timedOut'), timeoutMs);
    timer.signal.addEventListener('abort', () => clearTimeout(timeout));
  });
  const first = await Promise.race([ended, timedOut]).finally(() => timer.abort());
  if (first !== 'timedOut') return first;
  const { errors } = await stop(child, ended);
  throw new Error(`nothing after ${timeoutMs / 1000} s. ${errors}`.trimEnd());
}

function endOf(child: ChildProcess): Promise<EndedChild> {
  const { promise, resolve, reject } = Promise.withResolvers<EndedChild>();
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MOST_ERROR_CHARACTERS);
  });
  child.once('error', reject);
  // 'close' comes after the pipes are read to their end.
  child.once('close', (code, signal) => {
    resolve({ status: signal ?? `exit status ${code}`, output, errors: errors.trim() });
  });
  return promise;
}

async function stop(child: ChildProcess, ended: Promise<EndedChild>): Promise<EndedChild> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), TO_STOP_MS);
  return ended.finally(() => clearTimeout(timer));
}
