import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
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
  const [one, other] = SIDES.map((side) =>
    readSource(options[side], `--${side}`, options.repository),
  ) as [Source, Source];
  const isSame =
    one.kind === 'url' || other.kind === 'url'
      ? one.shown === other.shown
      : one.commit === other.commit && !options.isSelfTest;
  if (!isSame) return { baseline: one, candidate: other };
  throw comparisonInvalid({
    summary: `${one.shown} and ${other.shown} are the same ${one.kind === 'url' ? 'URL' : 'commit'}.`,
    expected: 'two versions that differ',
    remedy:
      'Name another --baseline or --candidate. By --self-test, a commit is compared with itself, which must show no difference.',
  });
}

export function comparisonInvalid(details: Omit<HarnessErrorDetails, 'code'>): HarnessError {
  return new HarnessError({ ...details, code: 'COMPARISON_INVALID' });
}

function readSource(given: string | undefined, option: string, repository: string): Source {
  if (given === undefined) {
    const commit = readCommit(repository);
    const [hash = '', changes] = commit?.split('+') ?? [];
    const shown = `the working tree at ${hash.slice(0, 7)}${changes === undefined ? '' : ' with changes'}`;
    return { kind: 'workingTree', shown, commit };
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
  const { protocol = '', username, password, href } = URL.parse(given) ?? {};
  if (/^https?:$/.test(protocol) && username === '' && password === '' && !/[?#]/.test(given)) {
    const url = String(href).replace(/\/$/, '');
    return { kind: 'url', shown: url, url };
  }
  throw comparisonInvalid({
    summary: `${option} is not the URL of a deployment.`,
    // It may hold a password.
    found: 'a URL that is not shown',
    expected: 'http:// or https://, a host and perhaps a path; no user name, password, ? or #',
    remedy: `Correct ${option}.`,
  });
}

const MAIN = 'mocks/salestalk/main.ts';

/** The full hash of a commit that has an embedded SalesTalk. */
function resolveCommit(ref: string, option: string, repository: string): string {
  const refused = (found: string, expected: string) =>
    comparisonInvalid({
      summary: `${option} names no commit that can be compared.`,
      found: `${JSON.stringify(ref.slice(0, 80))}: ${found}`,
      expected,
      remedy: 'Correct it, or fetch it first: a shallow clone lacks older commits.',
    });
  let commit: string;
  try {
    const answer = git(repository, 'rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
    commit = answer.toString().trim();
  } catch (error) {
    throw refused(describeFailure(error), 'a commit, branch or tag of this repository, or a URL');
  }
  try {
    git(repository, 'cat-file', '-e', `${commit}:${MAIN}`);
  } catch {
    throw refused(`commit ${commit.slice(0, 7)} without ${MAIN}`, `a commit with ${MAIN}`);
  }
  return commit;
}

function git(repository: string, ...args: string[]): Buffer {
  const maxBuffer = 256 * 1024 * 1024;
  return execFileSync('git', args, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer,
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
    execFileSync('tar', ['-x', '-C', folder], { input: archive, stdio: 'pipe' });
    const packages = path.join(repository, 'node_modules');
    symlinkSync(packages, path.join(folder, 'node_modules'), 'junction');
  } catch (error) {
    remove();
    throw comparisonInvalid({
      summary: `The mocks of commit ${commit.slice(0, 7)} could not be checked out.`,
      file: folder,
      found: describeFailure(error),
      expected: 'a commit with mocks/ and package.json; git, tar, and room for a few MiB',
      remedy: 'Name another commit, or free some space.',
    });
  }
  return { path: folder, [Symbol.dispose]: remove };
}
