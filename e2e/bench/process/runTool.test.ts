import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTool } from './runTool.ts';

const TIMEOUT_MS = 20_000;
const isDeno = process.versions.deno !== undefined;

function run(script: string, options: Partial<Parameters<typeof runTool>[2]> = {}) {
  const flag = isDeno ? 'eval' : '-e';
  return runTool(process.execPath, [flag, script], { timeoutMs: TIMEOUT_MS, ...options });
}

test('what a program said, what it was told, and what it cost', async () => {
  const busy = 'while (process.cpuUsage().user < 150_000);';
  const { stdout, cpuSeconds } = await run(`${busy} process.stdin.pipe(process.stdout);`, {
    stdin: 'told',
  });
  assert.equal(stdout, 'told');
  // Where the system tells it at all; a tick of the kernel is 10 ms.
  if (process.platform === 'linux') assert.ok((cpuSeconds ?? 0) > 0.13, `${cpuSeconds}`);
});

test('a program that fails, is not there, or does not end is an error that says so', async () => {
  await assert.rejects(
    run('console.error("first"); console.error("no such server"); process.exitCode = 3;'),
    /ended with 3: no such server/,
  );
  assert.equal((await run('process.exitCode = 3;', { alsoWell: 3 })).stdout, '');
  await assert.rejects(runTool('/nowhere/k6', [], { timeoutMs: TIMEOUT_MS }), /ENOENT|NotFound/);
  await assert.rejects(
    run('setInterval(() => {}, 1000);', { timeoutMs: 300 }),
    /ended with SIGKILL/,
  );
});
