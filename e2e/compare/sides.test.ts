import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { refusalMessage } from '../testing/catchMessage.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { checkOut, readSources } from './sides.ts';

const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());
const repository = folder.path;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.org', ...args], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

function commit(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
    writeFileSync(path.join(repository, name), text);
  }
  git('add', '.');
  git('commit', '--quiet', '-m', 'a change');
  return git('rev-parse', 'HEAD');
}

git('init', '--quiet', '--initial-branch=main');
const BARE = commit({ 'package.json': '{}' });
const FIRST = commit({ 'mocks/salestalk/main.ts': '1', 'e2e/secret.ts': 'x' });
git('tag', '-a', 'v1', '-m', 'first');
const SECOND = commit({ 'mocks/salestalk/main.ts': '2' });

const read = (baseline: string, candidate?: string, isSelfTest = false) =>
  readSources({ baseline, candidate, isSelfTest, repository });
const refusal = (...given: Parameters<typeof read>) => refusalMessage(() => read(...given));

test('a ref is resolved to its commit, an annotated tag too, and no candidate means the working tree', () => {
  const { baseline, candidate } = read('v1');
  assert.deepEqual(baseline, {
    kind: 'commit',
    shown: `v1 (${FIRST.slice(0, 7)})`,
    commit: FIRST,
  });
  assert.equal(candidate.kind, 'workingTree');
  assert.equal(candidate.shown, `the working tree at ${SECOND.slice(0, 7)}`);
  assert.equal(read(FIRST).baseline.shown, FIRST.slice(0, 7));
});

test('a working tree with changes differs from its commit', () => {
  assert.match(refusal('HEAD'), /HEAD \(\w{7}\) and the working tree at \w{7} are the same commit/);
  writeFileSync(path.join(repository, 'mocks/salestalk/main.ts'), '3');
  try {
    assert.equal(
      read('HEAD').candidate.shown,
      `the working tree at ${SECOND.slice(0, 7)} with changes`,
    );
  } finally {
    git('checkout', '--quiet', '.');
  }
});

test('the same commit under two names is refused, unless it is a self-test', () => {
  assert.match(
    refusal('main', 'HEAD'),
    /^COMPARISON_INVALID: main \(\w{7}\) and HEAD \(\w{7}\) are the same commit\./,
  );
  const { baseline, candidate } = read('main', 'HEAD', true);
  assert.ok('commit' in baseline && 'commit' in candidate);
  assert.equal(baseline.commit, candidate.commit);
});

test('equal URLs are refused, also in a self-test and with a slash at the end', () => {
  const message = refusal('http://one.example:8000', 'http://one.example:8000/', true);
  assert.match(message, /^COMPARISON_INVALID: http:.*:8000 and http:.*:8000 are the same URL\./);
  assert.equal(
    read('http://one.example/', 'http://two.example/').baseline.shown,
    'http://one.example',
  );
});

test('a URL with a password, a query or another scheme is refused without being shown', () => {
  for (const url of [
    'http://user:hunter2@one.example/',
    'https://one.example/?token=hunter2',
    'ftp://hunter2.example/',
  ]) {
    const message = refusal(url);
    assert.match(message, /^COMPARISON_INVALID: --baseline is not the URL of a deployment\./);
    assert.doesNotMatch(message, /hunter2/);
  }
});

test('a ref that does not exist is refused, and none is taken for an option of git', () => {
  for (const ref of ['no-such-branch', '--all', '', 'HEAD~99']) {
    assert.match(refusal(ref, 'main'), /^COMPARISON_INVALID: --baseline names no commit/, ref);
  }
  assert.match(refusal('main', 'gone'), /^COMPARISON_INVALID: --candidate names no commit/);
});

test('a commit without an embedded SalesTalk is refused', () => {
  assert.match(refusal(BARE, 'main'), /without mocks\/salestalk\/main\.ts/);
});

test('a check-out holds the mocks of the commit and nothing else of it, and is removed', () => {
  let place: string;
  {
    using checkedOut = checkOut(FIRST, repository);
    place = checkedOut.path;
    assert.equal(readFileSync(path.join(place, 'mocks/salestalk/main.ts'), 'utf8'), '1');
    assert.ok(existsSync(path.join(place, 'package.json')));
    assert.ok(!existsSync(path.join(place, 'e2e')));
  }
  assert.ok(!existsSync(place));
});

test('a check-out that fails leaves no folder behind', () => {
  const message = refusalMessage(() => checkOut(BARE, repository));
  assert.match(
    message,
    /^COMPARISON_INVALID: The mocks of commit \w{7} could not be checked out\./,
  );
  const [, place = ''] = /file +(\S+)/.exec(message) ?? [];
  assert.ok(place !== '' && !existsSync(place));
});
