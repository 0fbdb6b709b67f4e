import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../commands/tools.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const SECRET = 'the-secret-of-a-test-deployment';

/** Runs the command for the target "dev". @param k6 a shell script in place of k6; undefined: there is none on the PATH */
function loadK6(folder: string, args: string[], k6?: string) {
  if (k6 !== undefined) {
    writeFileSync(path.join(folder, 'k6'), `#!/bin/sh\n${k6}\n`);
    chmodSync(path.join(folder, 'k6'), 0o755);
  }
  const env = {
    PATH: `${folder}:/bin`,
    SALESTALK_TARGET: 'dev',
    SALESTALK_API_URL: 'http://127.0.0.1:9',
    SALESTALK_JWT_SECRET: SECRET,
  };
  const out = path.join(folder, 'load.js');
  const command = ['e2e/k6/main.ts', '--load', 'sustained', '--out', out, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr, script: readFileSync(out, 'utf8') };
}

test('the command writes a script without secrets and says how to run it', () => {
  using folder = temporaryFolder();
  const { status, stdout, script } = loadK6(folder.path, []);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /k6 run --out json=\S+results\/1\.json \S+load\.js\n.*report -- --k6 \S+results/,
  );
  assert.match(script, /"load": "sustained"/);
  assert.ok(!script.includes(SECRET));
});

test('each exit code of k6 has a message of its own, and k6 gets tokens from the environment alone', () => {
  for (const [exitCode, meaning] of [
    [0, 'no threshold of the script was crossed'],
    [99, 'a threshold of the script was crossed'],
    [107, 'met an exception in the script'],
  ] as const) {
    using folder = temporaryFolder();
    const { status, stdout } = loadK6(
      folder.path,
      ['--run'],
      `echo "given $* and $SALESTALK_API_URL $SALESTALK_TOKENS$SALESTALK_JWT_SECRET"\nexit ${exitCode}`,
    );
    assert.equal(status, exitCode);
    assert.ok(stdout.includes(meaning), stdout);
    const given = /^given (.*) and (\S+) (.*)$/m.exec(stdout) ?? [];
    assert.match(
      String(given[1]),
      /^run --no-usage-report --address {2}--out json=\S+1\.json \S+load\.js$/,
    );
    assert.equal(given[2], 'http://127.0.0.1:9');
    assert.match(String(given[3]), /^acme-corp-001=eyJ[^,]+,techstart-inc-002=eyJ[^,]+$/);
  }
});

test('each of several instances gets its part of the load', () => {
  using folder = temporaryFolder();
  const { stdout, status } = loadK6(folder.path, ['--run', '--instances', '3'], 'echo "given $*"');
  assert.equal(status, 0);
  const given = [...stdout.matchAll(/--execution-segment (\S+) .*-sequence (\S+) .*(\d\.json)/g)];
  assert.deepEqual(given.map(([, ...parts]) => parts.join(' ')).sort(), [
    '0:1/3 0,1/3,2/3,1 1.json',
    '1/3:2/3 0,1/3,2/3,1 2.json',
    '2/3:1 0,1/3,2/3,1 3.json',
  ]);
});

test('without k6 on the PATH, running is one clear error', () => {
  using folder = temporaryFolder();
  const { status, stderr } = loadK6(folder.path, ['--run']);
  assert.equal(status, 1);
  assert.match(stderr, /^START_FAILED: k6 could not be started\.\n {2}file {5}PATH/);
});
