import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HarnessError } from '../core/harnessError.ts';
import { type BrowserMachine, findBrowser } from './chromium.ts';

const OWN = '/cache/chromium-1/chrome';

function machineWith(
  files: string[],
  { platform = 'linux', env = { PATH: '/usr/local/bin:/usr/bin' } }: Partial<BrowserMachine> = {},
): BrowserMachine {
  return { platform, env, isExecutable: (path) => files.includes(path) };
}

test("Playwright's own browser comes before the system's", () => {
  const machine = machineWith([OWN, '/usr/bin/chromium']);
  assert.deepEqual(findBrowser(OWN, machine), { executablePath: OWN, source: 'playwright' });
});

test("without Playwright's own, Chrome of the system comes before Chromium", () => {
  const machine = machineWith(['/usr/bin/chromium', '/usr/local/bin/google-chrome']);
  assert.deepEqual(findBrowser(OWN, machine), {
    executablePath: '/usr/local/bin/google-chrome',
    source: 'system',
  });
});

test('the usual places of macOS and Windows are searched', () => {
  const chromeOfMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const mac = machineWith([chromeOfMac], { platform: 'darwin', env: { HOME: '/Users/tester' } });
  assert.equal(findBrowser(OWN, mac)?.executablePath, chromeOfMac);

  const chromeOfWindows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
  const env = { PROGRAMFILES: 'C:\\Program Files' };
  const windows = machineWith([chromeOfWindows], { platform: 'win32', env });
  assert.equal(findBrowser(OWN, windows)?.executablePath, chromeOfWindows);
});

test('no browser anywhere is null, not a guess', () => {
  assert.equal(findBrowser(OWN, machineWith([])), null);
  assert.equal(findBrowser(null, machineWith([OWN])), null);
});

test('PERF_BROWSER comes before all others; an empty one counts as unset', () => {
  const files = [OWN, '/opt/canary/chrome'];
  assert.deepEqual(
    findBrowser(OWN, machineWith(files, { env: { PERF_BROWSER: '/opt/canary/chrome' } })),
    { executablePath: '/opt/canary/chrome', source: 'PERF_BROWSER' },
  );
  const empty = machineWith(files, { env: { PERF_BROWSER: '' } });
  assert.equal(findBrowser(OWN, empty)?.source, 'playwright');
});

test('PERF_BROWSER that names no executable file is an error, even where others exist', () => {
  const machine = machineWith([OWN], { env: { PERF_BROWSER: '/nowhere/chrome' } });
  assert.throws(
    () => findBrowser(OWN, machine),
    (error) =>
      error instanceof HarnessError &&
      error.code === 'NO_BROWSER' &&
      error.message.includes('/nowhere/chrome'),
  );
});

test('on the real machine a folder and a file without execute permission are no browsers', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'find-browser-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'chrome');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  const before = process.env.PERF_BROWSER;
  t.after(() => {
    if (before === undefined) delete process.env.PERF_BROWSER;
    else process.env.PERF_BROWSER = before;
  });
  process.env.PERF_BROWSER = folder;
  assert.throws(() => findBrowser(null), { code: 'NO_BROWSER' });
  process.env.PERF_BROWSER = file;
  assert.throws(() => findBrowser(null), { code: 'NO_BROWSER' });
  chmodSync(file, 0o755);
  assert.equal(findBrowser(null)?.executablePath, file);
});
