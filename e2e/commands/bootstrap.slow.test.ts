import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { installedMatchesLock, pinnedNode } from './install.mjs';
import { ROOT, TOOLS } from './tools.ts';

const BOOTSTRAP = fileURLToPath(new URL('bootstrap.mjs', import.meta.url));

// A unit test must not replace node_modules.
const skip = installedMatchesLock(ROOT) ? false : 'npm ci is due';

function bootstrap(args: string[], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const;
  return spawnSync(pinnedNode(ROOT), [BOOTSTRAP, ...args], options);
}

test('an unknown command is one clear error that names all commands', () => {
  const { status, stdout, stderr } = bootstrap(['pref']);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^COMMAND_UNKNOWN: "pref" is not a command\.\n.*\bperf, experience, load\b.*\n$/,
  );
});

test('the command gets the arguments, and its exit status is passed on', { skip }, () => {
  // Nothing is opened: any executable will do.
  const env = { PERF_BROWSER: process.execPath };
  const { status, stdout } = bootstrap(['perf', '--help'], env);
  assert.equal(status, 0);
  assert.match(stdout, /playwright test/);
  assert.equal(bootstrap(['perf', '--no-such-option'], env).status, 1);
});

test('our own options are accepted, although Playwright does not know them', { skip }, () => {
  const { status, stdout, stderr } = bootstrap(
    ['smoke', '--verbose', '--durations', '--list'],
    // Nothing is opened: any executable will do.
    { PERF_BROWSER: process.execPath },
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Listing tests:\n {2}\[smoke\] /);
});

test('--shard splits a load, and of other projects the tests, as Playwright does', { skip }, () => {
  using folder = temporaryFolder();
  // A shard opens no page, so that a missing browser does not matter.
  const env = { PERF_BROWSER: '/nowhere/chrome', PERF_REPORT_DIR: folder.path };
  const load = bootstrap(['load', '--shard=6/5', '--load', 'sustained', '--start-at', 'noon'], env);
  assert.equal(load.status, 1);
  assert.match(load.stdout + load.stderr, /SHARD_INVALID: [\s\S]*--shard\n {2}found {4}6\/5\n/);
  const smoke = bootstrap(['smoke', '--shard', '1/2', '--list'], {
    ...env,
    PERF_BROWSER: process.execPath,
  });
  assert.equal(smoke.status, 0, smoke.stderr);
});

test('nothing runs if the browser that PERF_BROWSER names is missing', { skip }, () => {
  const { status, stdout, stderr } = bootstrap(['smoke'], { PERF_BROWSER: '/nowhere/chrome' });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^NO_BROWSER: .*\n {2}file +PERF_BROWSER\n {2}found +\/nowhere\/chrome\n/);
  assert.doesNotMatch(stderr, /^ +at /m);
});

/** Build systems set a variable without a value to the empty string. */
const EMPTY = {
  SALESTALK_TARGET: '',
  SALESTALK_API_URL: '',
  PERF_REPORT_DIR: '',
  PERF_COUNTS_FILE: '',
  PERF_HISTORY: '',
  PERF_BROWSER: '',
  PW_TEST_REPORTER: '',
  PWDEBUG: '',
  CI: '',
};

function run([file, ...first]: string[], ...args: string[]) {
  assert.ok(file !== undefined);
  const env = { ...process.env, ...EMPTY };
  return spawnSync(file, [...first, ...args], { cwd: ROOT, env, encoding: 'utf8' });
}

test('the configuration treats empty variables as unset', () => {
  const { stdout, stderr } = run(
    TOOLS.node,
    '--input-type=module',
    '-e',
    `const { default: config } = await import('./playwright.config.ts');
     const { forbidOnly, reporter } = config;
     console.log(JSON.stringify({ forbidOnly, reporter }));`,
  );
  assert.notEqual(stdout, '', stderr);
  const { forbidOnly, reporter } = JSON.parse(stdout);
  assert.equal(forbidOnly, false);
  const options = Object.fromEntries(reporter);
  assert.equal(options.html.outputFolder, 'perf-report/playwright');
  assert.ok(!('json' in options), 'no counts file was asked for');
});

test('a run treats empty variables as unset: the target is local', () => {
  const args = ['test', '--project=smoke', '--grep=is healthy', '--reporter=line'];
  const { status, stdout, stderr } = run(TOOLS.playwright, ...args);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /1 passed/);
});
