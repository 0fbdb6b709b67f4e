import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HarnessError } from '../core/harnessError.ts';
import { readCommit } from '../probes/environment.ts';
import { SIDES, type SideName } from './metrics.ts';

/** What a side is, before anything of it is started. `shown` is how reports name it. */
export type Source = { shown: string } & (
  | { kind: 'url'; url: string }
  | { kind: 'commit'; commit: string }
  | { kind: 'workingTree'; commit: string | null }
);

type SourceOptions = {
  baseline: string;
  /** Undefined: the working tree. */
  candidate: string | undefined;
  /** Both sides may be the same commit. */
  isSelfTest: boolean;
  /** Folder of the git repository. */
  repository: string;
};

/** Finds out what the two sides are. @throws HarnessError COMPARISON_INVALID */
export function readSources(options: SourceOptions): Record<SideName, Source> {
  const [baseline, candidate] = SIDES.map((side) =>
    readSource(options[side], `--${side}`, options.repository),
  ) as [Source, Source];
  if (baseline.kind === 'url' && candidate.kind === 'url') {
    if (baseline.url === candidate.url) throw sameSide(`Both sides are ${baseline.url}.`);
  } else if (baseline.kind !== 'url' && candidate.kind !== 'url' && !options.isSelfTest) {
    if (baseline.commit === candidate.commit) {
      throw sameSide(`${baseline.shown} and ${candidate.shown} are the same commit.`);
    }
  }
  return { baseline, candidate };
}

function sameSide(summary: string): HarnessError {
  return new HarnessError({
    code: 'COMPARISON_INVALID',
    summary,
    expected: 'two versions that differ',
    remedy:
      'Name another --baseline or --candidate. To see that equal versions show no difference, compare a commit with itself by --self-test.',
  });
}

function readSource(given: string | undefined, option: string, repository: string): Source {
  if (given === undefined) {
    const commit = readCommit(repository);
    const at = commit === null ? '' : ` at ${commit.slice(0, 7)}`;
    const changes = commit?.endsWith('+changes') === true ? ' with changes' : '';
    return { kind: 'workingTree', shown: `the working tree${at}${changes}`, commit };
  }
  if (/^[a-z][a-z+.-]*:\/\//i.test(given)) return readUrl(given, option);
  const commit = resolveCommit(given, option, repository);
  const short = commit.slice(0, 7);
  return {
    kind: 'commit',
    shown: commit.startsWith(given) ? short : `${given} (${short})`,
    commit,
  };
}

function readUrl(given: string, option: string): Source {
  const url = URL.parse(given);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '';
  if (isPlain && url.password === '' && !/[?#]/.test(given)) {
    const href = url.href.replace(/\/$/, '');
    return { kind: 'url', shown: href, url: href };
  }
  throw new HarnessError({
    code: 'COMPARISON_INVALID',
    summary: `${option} is not the URL of a deployment.`,
    file: option,
    // A URL may hold a password.
    found: 'a URL that is not shown',
    expected: 'http:// or https://, a host and perhaps a path; no user name, password, ? or #',
    remedy: `Correct ${option}.`,
  });
}

const MAIN = 'mocks/salestalk/main.ts';

/** The full hash of a commit that has an embedded SalesTalk. */
function resolveCommit(ref: string, option: string, repository: string): string {
  let commit: string;
  try {
    commit = git(repository, 'rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`)
      .toString()
      .trim();
  } catch (error) {
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: `${option} names no commit.`,
      file: option,
      found: `${JSON.stringify(ref.slice(0, 80))}: ${describeFailure(error)}`,
      expected: 'a commit, branch or tag of this repository, or a URL with http:// or https://',
      remedy: 'Correct it, or fetch it first: a shallow clone lacks older commits.',
    });
  }
  try {
    git(repository, 'cat-file', '-e', `${commit}:${MAIN}`);
    return commit;
  } catch {
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: `${option} has no embedded SalesTalk, so it cannot be compared.`,
      file: option,
      found: `commit ${commit.slice(0, 7)} without ${MAIN}`,
      expected: `a commit with ${MAIN}`,
      remedy: 'Name a later commit, or the URL of a deployment.',
    });
  }
}

function git(repository: string, ...args: string[]): Buffer {
  return execFileSync('git', args, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}

function describeFailure(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: Buffer };
  return (stderr?.toString().trim().split('\n')[0] || message).slice(0, 200);
}

/**
 * Puts the `mocks/` of a commit into a temporary folder, which is removed when disposed of, and when this process ends in any way but a
 * kill. They run with the packages of this repository. @throws HarnessError COMPARISON_INVALID
 */
export function checkOut(commit: string, repository: string): { path: string } & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'compare-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const archive = git(repository, 'archive', '--format=tar', commit, 'mocks', 'package.json');
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    const packages = path.join(repository, 'node_modules');
    symlinkSync(packages, path.join(folder, 'node_modules'), 'junction');
  } catch (error) {
    remove();
    throw new HarnessError({
      code: 'COMPARISON_INVALID',
      summary: `The mocks of commit ${commit.slice(0, 7)} could not be checked out.`,
      file: folder,
      found: describeFailure(error),
      expected: 'a commit with mocks/ and package.json, git, tar, and room for a few MiB',
      remedy: 'Name another commit, or free some space.',
    });
  }
  return {
    path: folder,
    [Symbol.dispose]: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
