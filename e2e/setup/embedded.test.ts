import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { startProcess } from './embedded.ts';

const PROGRAM = 'e2e/testing/childProgram.ts';
const PATIENT = { toStartMs: 60_000, toStopMs: 60_000 };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits as long as it takes; a test that waits in vain ends by the runner's time-out. */
async function assertEnds(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

/** The whole message of a start that fails. */
async function messageOf(args: string[], patience = PATIENT): Promise<string> {
  try {
    const started = await startProcess(PROGRAM, args, {}, patience);
    await started.stop();
  } catch (error) {
    assert.equal((error as Error).name, 'HarnessError');
    return (error as Error).message;
  }
  return 'started';
}

function failed(found: string): string {
  return [
    `START_FAILED: ${PROGRAM} did not start.`,
    `  found    ${found}`,
    '  expected one line that says where it listens',
    `  remedy   Run it alone to see more: npx node ${PROGRAM} --help`,
  ].join('\n');
}

test('a program is started until it listens, and stopped', async () => {
  const { url, controlUrl, pid, stop } = await startProcess(PROGRAM, ['listen'], {}, PATIENT);
  assert.deepEqual([url, controlUrl], ['http://127.0.0.1:1/', undefined]);
  assert.ok(pid !== undefined && isRunning(pid));
  await stop();
  assert.ok(!isRunning(pid));
  await stop();
});

test('other lines and standard error are ignored', async () => {
  const { controlUrl, stop } = await startProcess(PROGRAM, ['control'], {}, PATIENT);
  assert.equal(controlUrl, 'http://127.0.0.1:2');
  await stop();
});

test('a program gets its own variables and none of the harness', async () => {
  process.env.PERF_TEST_SECRET = 'leaked';
  const given = { PERF_TEST_GIVEN: 'given' };
  const { url, stop } = await startProcess(PROGRAM, ['environment'], given, PATIENT);
  delete process.env.PERF_TEST_SECRET;
  await stop();
  assert.equal(url, 'http://127.0.0.1:1/given/nothing');
});

test('a program that refuses to start is reported with its own message', async () => {
  assert.equal(
    await messageOf(['refuse']),
    failed(
      'PORT_IN_USE: port 11434 on 127.0.0.1 is taken.\n           Choose another with --port.',
    ),
  );
});

test('a program that ends silently is reported with its exit status', async () => {
  assert.equal(await messageOf(['exit']), failed('exit status 3'));
});

test('a program that never listens is killed', async () => {
  using folder = temporaryFolder();
  const pidFile = path.join(folder.path, 'pid');
  // Long enough for the program to have written its process id.
  const patience = { ...PATIENT, toStartMs: 3_000 };
  assert.equal(await messageOf(['silent', pidFile], patience), failed('nothing within 3 s'));
  await assertEnds(Number(readFileSync(pidFile, 'utf8')));
});

test('a program that ignores SIGTERM is killed', async () => {
  const patience = { ...PATIENT, toStopMs: 50 };
  const { pid, stop } = await startProcess(PROGRAM, ['deaf'], {}, patience);
  await stop();
  assert.ok(!isRunning(pid as number));
});

test('a program ends when the process that started it is killed', async () => {
  using folder = temporaryFolder();
  const pidFile = path.join(folder.path, 'pid');
  const script = fileURLToPath(new URL('../testing/parentProgram.ts', import.meta.url));
  const flags = process.versions.deno === undefined ? [] : ['run', '-A'];
  const parent = spawn(process.execPath, [...flags, script, pidFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  // It hangs on its parent, not on what that was given to read, which has come to its end long before.
  await sleep(300);
  assert.ok(isRunning(pid));
  parent.kill('SIGKILL');
  await assertEnds(pid);
});
