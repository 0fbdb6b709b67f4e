import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { browserInstallation, type InstallationMachine } from './ensureBrowser.ts';
import { installedMatchesLock } from './install.mjs';
import { TOOLS } from './tools.ts';

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
  const folder = temporaryFolder();
  t.after(() => folder[Symbol.dispose]());
  const root = folder.path;
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

test('a record that is not JSON does not match', (t) => {
  const root = cloneWith(t, INSTALLED);
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{ "packages": {');
  assert.equal(installedMatchesLock(root), false);
});

test('another version, another content, a missing or an additional package do not match', (t) => {
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

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const FEDORA = 'ID=fedora\n';

function installationOn(machine: Partial<InstallationMachine>) {
  return browserInstallation({
    platform: 'linux',
    isRoot: true,
    osRelease: DEBIAN,
    ...machine,
  });
}

test('root on Debian gets the package of the system', () => {
  assert.deepEqual(installationOn({}), {
    kind: 'run',
    commands: [
      ['apt-get', 'update', '--quiet=2'],
      ['apt-get', 'install', '--yes', '--quiet=2', 'chromium'],
    ],
  });
});

test("root on Ubuntu and its derivatives gets Playwright's browser, since their package only refers to a snap", () => {
  for (const osRelease of [UBUNTU, MINT]) {
    assert.deepEqual(installationOn({ osRelease }), {
      kind: 'run',
      commands: [[...TOOLS.playwright, 'install', '--with-deps', 'chromium']],
    });
  }
});

test('nothing is installed without root, nor on any other system', () => {
  const withLibraries = { kind: 'tell', command: 'npx playwright install --with-deps chromium' };
  const browserAlone = { kind: 'tell', command: 'npx playwright install chromium' };
  assert.deepEqual(installationOn({ isRoot: false }), withLibraries);
  assert.deepEqual(installationOn({ isRoot: false, osRelease: UBUNTU }), withLibraries);
  assert.deepEqual(installationOn({ osRelease: FEDORA }), browserAlone);
  assert.deepEqual(installationOn({ osRelease: null }), browserAlone);
  assert.deepEqual(installationOn({ platform: 'darwin', osRelease: null }), browserAlone);
  assert.deepEqual(installationOn({ platform: 'win32', osRelease: null }), browserAlone);
});
