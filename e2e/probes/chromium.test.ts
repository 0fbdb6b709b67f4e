import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HarnessError } from '../core/harnessError.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { type BrowserMachine, findBrowser } from './chromium.ts';

const OWN = '/cache/chromium-1/chrome';

function fakeMachine(
  files: string[],
  { platform = 'linux', env = { PATH: '/usr/local/bin:/usr/bin' } }: Partial<BrowserMachine> = {},
): BrowserMachine {
  return { platform, env, isExecutable: (path) => files.includes(path) };
}

test("Playwright's own browser comes before the system's", () => {
  const machine = fakeMachine([OWN, '/usr/bin/chromium']);
  assert.deepEqual(findBrowser(OWN, machine), { executablePath: OWN, source: 'playwright' });
});

test("without Playwright's own, Chrome of the system comes before Chromium", () => {
  const machine = fakeMachine(['/usr/bin/chromium', '/usr/local/bin/google-chrome']);
  assert.deepEqual(findBrowser(OWN, machine), {
    executablePath: '/usr/local/bin/google-chrome',
    source: 'system',
  });
});

test('the usual places of macOS and Windows are searched', () => {
  const macChrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const mac = fakeMachine([macChrome], { platform: 'darwin', env: { HOME: '/Users/tester' } });
  assert.equal(findBrowser(OWN, mac)?.executablePath, macChrome);

  const windowsChrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
  const env = { PROGRAMFILES: 'C:\\Program Files' };
  const windows = fakeMachine([windowsChrome], { platform: 'win32', env });
  assert.equal(findBrowser(OWN, windows)?.executablePath, windowsChrome);
});

test('without any browser the result is null', () => {
  assert.equal(findBrowser(OWN, fakeMachine([])), null);
  assert.equal(findBrowser(null, fakeMachine([OWN])), null);
});

test('PERF_BROWSER comes before all others; an empty one counts as unset', () => {
  const files = [OWN, '/opt/canary/chrome'];
  assert.deepEqual(
    findBrowser(OWN, fakeMachine(files, { env: { PERF_BROWSER: '/opt/canary/chrome' } })),
    { executablePath: '/opt/canary/chrome', source: 'PERF_BROWSER' },
  );
  const empty = fakeMachine(files, { env: { PERF_BROWSER: '' } });
  assert.equal(findBrowser(OWN, empty)?.source, 'playwright');
});

test('PERF_BROWSER that names no executable file is an error, even where others exist', () => {
  const machine = fakeMachine([OWN], { env: { PERF_BROWSER: '/nowhere/chrome' } });
  assert.throws(
    () => findBrowser(OWN, machine),
    (error) =>
      error instanceof HarnessError &&
      error.code === 'NO_BROWSER' &&
      error.message.includes('/nowhere/chrome'),
  );
});

test('on the real machine a folder and a file without execute permission are no browsers', (t) => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'chrome');
  writeFileSync(file, '', { mode: 0o644 });
  const before = process.env.PERF_BROWSER;
  t.after(() => {
    if (before === undefined) delete process.env.PERF_BROWSER;
    else process.env.PERF_BROWSER = before;
  });
  process.env.PERF_BROWSER = folder.path;
  assert.throws(() => findBrowser(null), { code: 'NO_BROWSER' });
  process.env.PERF_BROWSER = file;
  assert.throws(() => findBrowser(null), { code: 'NO_BROWSER' });
  chmodSync(file, 0o755);
  assert.equal(findBrowser(null)?.executablePath, file);
});
