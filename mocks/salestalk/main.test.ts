import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnMain } from './testing/spawnMain.ts';

const secret = { SALESTALK_JWT_SECRET: 'a secret' };

test('the process announces itself on standard output, serves, and ends on SIGTERM', async () => {
  const { child, announcement, ended } = spawnMain([], secret);
  const { url, ...said } = await announcement;
  assert.deepEqual(said, { event: 'listening', name: 'salestalk' });
  assert.equal((await fetch(`${url}/health`)).status, 200);
  // Not child.kill(): Deno then reports the child as killed, whatever it made of the signal.
  process.kill(child.pid ?? assert.fail(), 'SIGTERM');
  const { exitCode, errors } = await ended;
  assert.equal(exitCode, 0);
  assert.match(errors, /SalesTalk is at http/);
});

test('the process ends with its parent', async () => {
  const { child, announcement, ended } = spawnMain([], { ...secret, EXIT_WITH_PARENT: '1' });
  await announcement;
  child.stdin.end();
  assert.equal((await ended).exitCode, 0);
});

test('a port that is taken is one clear message', async () => {
  const first = spawnMain([], secret);
  const { port } = new URL((await first.announcement).url);
  const { exitCode, errors } = await spawnMain(['--port', port], secret).ended;
  first.child.kill();
  await first.ended;
  assert.equal(exitCode, 1);
  assert.equal(
    errors
      .split('\n')
      .filter((line) => !/Warning|trace-warnings/.test(line))
      .join('\n'),
    `PORT_IN_USE: port ${port} on 127.0.0.1 is taken. Stop the program that listens there, or choose another with --port.\n`,
  );
});

test('a defect that does not exist is one clear message', async () => {
  const { exitCode, errors } = await spawnMain(['--defect', 'x'], secret).ended;
  assert.equal(exitCode, 1);
  assert.match(errors, /^DEFECT_UNKNOWN: there is no defect "x"\. Known ones: slow-median,/m);
  assert.ok(!/\n\s+at /.test(errors), 'no stack');
});
