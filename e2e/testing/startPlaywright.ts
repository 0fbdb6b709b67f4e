import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = path.join(ROOT, 'node_modules/@playwright/test/cli.js');

/** How a run of Playwright ended. `output` holds standard output and standard error in one text. */
export type PlaywrightEnd = { status: number | null; stdout: string; output: string };

type StartOptions = {
  /** Folder of the configuration; by default this repository. */
  cwd?: string;
  env?: Record<string, string>;
  /** In a process group of its own, as a shell starts it. */
  detached?: boolean;
  /** Called with all output so far, whenever there is more. */
  onOutput?: (output: string, child: ChildProcess) => void;
};

/** Starts Playwright on the runtime of this process, without the state of a run, settings for colours and annotations of GitHub. */
export function startPlaywright(
  args: string[],
  { cwd = ROOT, env = {}, detached = false, onOutput }: StartOptions = {},
): { child: ChildProcess; ended: Promise<PlaywrightEnd> } {
  const runtime = process.versions.deno === undefined ? [] : ['run', '-A', '--no-lock'];
  const left = ['PERF_RUN', 'NO_COLOR', 'FORCE_COLOR', 'GITHUB_ACTIONS'];
  const kept = Object.entries(process.env).filter(([name]) => !left.includes(name));
  const child = spawn(process.execPath, [...runtime, CLI, ...args], {
    cwd,
    env: { ...Object.fromEntries(kept), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  let stdout = '';
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (stream === child.stdout) stdout += text;
      onOutput?.(output, child);
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<PlaywrightEnd>();
  child.on('error', reject).on('close', (status) => resolve({ status, stdout, output }));
  return { child, ended: promise };
}
