import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserInstallation, type InstallationMachine } from './ensureBrowser.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const FEDORA = 'ID=fedora\n';

function installationOn(machine: Partial<InstallationMachine>) {
  return browserInstallation({
    platform: 'linux',
    isRoot: true,
    osRelease: DEBIAN,
    playwright: ['node', 'cli.js'],
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

test("root on Ubuntu and its kin gets Playwright's browser, since their package is a snap in disguise", () => {
  for (const osRelease of [UBUNTU, MINT]) {
    assert.deepEqual(installationOn({ osRelease }), {
      kind: 'run',
      commands: [['node', 'cli.js', 'install', '--with-deps', 'chromium']],
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
