import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { installedMatchesLock } from './install.mjs';

type Entries = Record<string, { version: string; integrity?: string; optional?: boolean }>;

const LOCKED: Entries = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
  'node_modules/for-macos': { version: '3.0.0', optional: true },
};
const INSTALLED: Entries = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
};

function cloneWith(t: TestContext, installed: Entries | null): string {
  const root = mkdtempSync(join(tmpdir(), 'installed-matches-lock-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
  if (installed === null) return root;
  for (const path of Object.keys(installed)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'package.json'), '{}');
  }
  const record = JSON.stringify({ packages: installed });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), record);
  return root;
}

test("a finished install matches, although other platforms' packages are absent", (t) => {
  assert.equal(installedMatchesLock(cloneWith(t, INSTALLED)), true);
});

test('nothing installed, or an install that was cut off, does not match', (t) => {
  assert.equal(installedMatchesLock(cloneWith(t, null)), false);
  const cutOff = cloneWith(t, INSTALLED);
  rmSync(join(cutOff, 'node_modules', '.package-lock.json'));
  assert.equal(installedMatchesLock(cutOff), false);
});

test('a record that is no JSON does not match', (t) => {
  const root = cloneWith(t, INSTALLED);
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{ "packages": {');
  assert.equal(installedMatchesLock(root), false);
});

test('another version, another content, a package too few or too many do not match', (t) => {
  const { 'node_modules/a': a, ...tooFew } = INSTALLED;
  assert.ok(a !== undefined);
  const otherVersion = { ...INSTALLED, 'node_modules/a': { ...a, version: '1.0.1' } };
  const otherContent = { ...INSTALLED, 'node_modules/a': { ...a, integrity: 'sha512-x' } };
  const tooMany = { ...INSTALLED, 'node_modules/c': { version: '1.0.0' } };
  for (const installed of [tooFew, otherVersion, otherContent, tooMany]) {
    assert.equal(installedMatchesLock(cloneWith(t, installed)), false);
  }
});

test('a package deleted after the install does not match', (t) => {
  const root = cloneWith(t, INSTALLED);
  rmSync(join(root, 'node_modules', 'a', 'node_modules', 'b'), { recursive: true });
  assert.equal(installedMatchesLock(root), false);
});
