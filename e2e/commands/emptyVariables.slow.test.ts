import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ROOT, TOOLS } from './tools.ts';

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

test('a run treats them as unset: the target is local', () => {
  const args = ['test', '--project=smoke', '--grep=is healthy', '--reporter=line'];
  const { status, stdout, stderr } = run(TOOLS.playwright, ...args);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /1 passed/);
});
