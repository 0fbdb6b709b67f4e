import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { readVariable } from '../core/environmentVariables.ts';

/**
 * Reads the machine and the programs of a run, which tell whether two runs can be compared. `browser` comes from the caller that launched
 * it; null without one.
 */
export function readEnvironment(browser: string | null) {
  const cpus = os.cpus();
  const { node, deno } = process.versions;
  const [loadAverage] = os.loadavg();
  return {
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    runtime: deno === undefined ? `node ${node}` : `deno ${deno}`,
    browser,
    // Windows has no load average and reports 0.
    loadAverage1m: os.platform() === 'win32' ? null : (loadAverage ?? null),
  };
}

/** Full hash of the commit that is checked out, with `+changes` where files differ from it; null outside a git checkout. */
export function readCommit(directory: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const hash = git('rev-parse', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? hash : `${hash}+changes`;
  } catch {
    return null;
  }
}

const NAMES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'SYSTEMROOT',
  'LANG',
  'DENO_DIR',
  'XDG_CACHE_HOME',
];

/** The variables for a process that the harness starts: none that could hold a credential or turn on a debugger. */
export function inheritedEnvironment(...more: string[]): Record<string, string> {
  return Object.fromEntries(
    [...NAMES, ...more].flatMap((name) => {
      const value = readVariable(process.env, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
