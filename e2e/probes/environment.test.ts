import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { readCommit, readEnvironment } from './environment.ts';

// A git hook sets variables that name its own repository.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];

test('names the machine, the programs and the browser, if there is one', () => {
  const { cpu, cores, memoryBytes, os, runtime, browser } = readEnvironment(null);
  assert.ok(cpu !== '' && cores >= 1 && memoryBytes > 0 && os !== '');
  assert.match(runtime, process.versions.deno === undefined ? /^node \d/ : /^deno \d/);
  assert.equal(browser, null);
  assert.equal(readEnvironment('chromium 1').browser, 'chromium 1');
});

test('reads the commit, marked once files differ from it, and null outside a checkout', () => {
  using folder = temporaryFolder();
  assert.equal(readCommit(folder.path), null);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example', ...args], {
      cwd: folder.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '--quiet');
  writeFileSync(path.join(folder.path, 'file'), 'one');
  git('add', 'file');
  git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--message', 'one');
  const hash = git('rev-parse', 'HEAD').trim();
  assert.match(hash, /^[0-9a-f]{40}$/);
  assert.equal(readCommit(folder.path), hash);
  writeFileSync(path.join(folder.path, 'untracked'), 'two');
  assert.equal(readCommit(folder.path), hash);
  writeFileSync(path.join(folder.path, 'file'), 'two');
  assert.equal(readCommit(folder.path), `${hash}+changes`);
});
