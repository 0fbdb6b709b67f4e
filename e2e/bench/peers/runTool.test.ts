import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuSecondsOf, ENDED_CHILDREN, OWN, parseCpuSeconds, runTool } from './runTool.ts';

const TIMEOUT_MS = 20_000;
const isDeno = process.versions.deno !== undefined;

function run(script: string, options: Partial<Parameters<typeof runTool>[2]> = {}) {
  const flag = isDeno ? 'eval' : '-e';
  return runTool(process.execPath, [flag, script], { timeoutMs: TIMEOUT_MS, ...options });
}

test('a program reads its input, and its output and CPU time come back', async () => {
  const busy = 'while (process.cpuUsage().user < 150_000);';
  const { stdout, cpuSeconds } = await run(`${busy} process.stdin.pipe(process.stdout);`, {
    stdin: 'input',
  });
  assert.equal(stdout, 'input');
  // A tick of the kernel is 10 ms.
  if (process.platform === 'linux') assert.ok((cpuSeconds ?? 0) > 0.13, `${cpuSeconds}`);
});

test('a program that fails, is not there, or does not end is an error that says so', async () => {
  await assert.rejects(
    run('console.error("first"); console.error("no such server"); process.exitCode = 3;'),
    /ended with 3: no such server/,
  );
  assert.equal((await run('process.exitCode = 3;', { successStatus: 3 })).stdout, '');
  await assert.rejects(runTool('/nowhere/k6', [], { timeoutMs: TIMEOUT_MS }), /ENOENT|NotFound/);
  await assert.rejects(
    run('setInterval(() => {}, 1000);', { timeoutMs: 300 }),
    /ended with SIGKILL/,
  );
});

test('CPU times of a process and of its ended children are read whatever the program is called', () => {
  const rest = 'S 1 2 3 0 -1 4194304 900 80 0 0 150 50 1234 566 20 0 11 0 1000 1 2';
  for (const stat of [`77 (node) ${rest}`, `77 (a) b (c) ${rest}`]) {
    assert.equal(parseCpuSeconds(stat, OWN), 2);
    assert.equal(parseCpuSeconds(stat, ENDED_CHILDREN), 18);
  }
  assert.equal(parseCpuSeconds('77 (node) S 1 2', OWN), null);
});

test('the CPU time of a process that does not exist is unknown', () => {
  assert.equal(cpuSecondsOf(2 ** 30), null);
});
