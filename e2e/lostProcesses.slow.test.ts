import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Summary, summarySchema } from './core/verdict/runSummary.ts';
import { startPlaywright } from './testing/startPlaywright.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

/** Longer than any step of the runs below. */
const WITHIN_MS = 60_000;

type Ended = { status: number | null; output: string; summary: Summary | null };

/** Runs two objectives that a healthy SalesTalk meets by far. The P95 takes half a minute, in the middle of which `act` is called. */
async function runWhile(
  act: (run: ChildProcess) => Promise<void> | void,
  env: Record<string, string> = {},
): Promise<Ended> {
  using folder = temporaryFolder();
  const { child: run, ended } = startPlaywright(
    ['test', '--project=perf', '--grep=classify.latency'],
    { env: { PERF_REPORT_DIR: folder.path, ...env }, detached: true },
  );
  const record = path.join(folder.path, 'measurements.ndjson');
  await waitUntil(() => existsSync(record) && countRequests(record) >= 20);
  await act(run);
  const { status, output } = await ended;
  const summary = path.join(folder.path, 'summary.json');
  return {
    status,
    output,
    summary: existsSync(summary)
      ? summarySchema.parse(JSON.parse(readFileSync(summary, 'utf8')))
      : null,
  };
}

function countRequests(record: string): number {
  return readFileSync(record, 'utf8').split('"type":"request"').length - 1;
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + WITHIN_MS;
  while (!isTrue()) {
    assert.ok(performance.now() < endMs, 'it took too long');
    await sleep(50);
  }
}

/** Finds the process that executes a script for a run. */
function findProcess({ pid }: ChildProcess, script: string): number {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/));
  const found = rows.find(
    ([, parent, ...args]) => Number(parent) === pid && args.join(' ').includes(script),
  );
  assert.ok(found !== undefined, stdout);
  return Number(found[0]);
}

test('a SalesTalk that dies fails the run, which says what ended, when and how', async () => {
  const { status, summary, output } = await runWhile((run) => {
    process.kill(findProcess(run, 'mocks/salestalk/main.ts'), 'SIGKILL');
  });
  assert.equal(status, 1, output);
  assert.equal(summary?.verdict, 'fail');
  assert.match(
    summary.reasons.join('\n'),
    /The process of the target ended at \d\d:\d\d:\d\d UTC \(SIGKILL\)/,
  );
});

test('an AI mock that dies makes the run inconclusive, and SalesTalk misses nothing', async () => {
  const { status, summary, output } = await runWhile((run) => {
    process.kill(findProcess(run, 'mocks/ai/main.ts'), 'SIGKILL');
  });
  assert.equal(status, 1, output);
  assert.equal(summary?.verdict, 'inconclusive', output);
  assert.match(summary.reasons.join('\n'), /process of the AI mock ended at .* \(SIGKILL\)/);
  assert.deepEqual(summary.objectives, []);
});

test('Ctrl-C, which reaches all processes of a run, fails no objective', async () => {
  const { summary, output } = await runWhile((run) => {
    process.kill(-(run.pid as number), 'SIGINT');
  });
  assert.equal(summary?.verdict, 'inconclusive', output);
  assert.ok(summary.reasons.includes('the run was interrupted before its end'));
  assert.ok(summary.objectives.every(({ verdict }) => verdict !== 'fail'));
});

test('a stall of SalesTalk for 20 s is reported with its time and length, and its requests count', async () => {
  const { summary, output } = await runWhile(async (run) => {
    const pid = findProcess(run, 'mocks/salestalk/main.ts');
    process.kill(pid, 'SIGSTOP');
    await sleep(20_000);
    process.kill(pid, 'SIGCONT');
    // Interrupted, since it would go on until the P95 is clear, which takes 6 min after such a stall.
    await sleep(10_000);
    run.kill('SIGINT');
  });
  const [stall] = summary?.run.stalls ?? [];
  assert.ok(stall !== undefined && stall.durationMs > 19_000, output);
  assert.match(output, /answered nothing for (?:19|2\d)\.\d s from \d\d:\d\d:\d\d/);
  assert.match(output, /\d\d of \d\d took 1000 ms or longer/);
  // A busy machine sets a few aside; what waited for SalesTalk is most of all, and counts.
  const [p50] = summary?.objectives ?? [];
  assert.ok(p50 !== undefined && (p50.setAside ?? 0) < p50.n / 4, output);
});

test('a clock that jumps an hour ahead, and then two back, changes no verdict', async () => {
  const jumping = `
    const real = Date.now, start = performance.now(), hour = 3_600_000;
    const offset = (ran) => (ran < 15_000 ? 0 : ran < 20_000 ? hour : -hour);
    Date.now = () => real() + offset(performance.now() - start);`;
  const { summary, output } = await runWhile(() => undefined, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(jumping)}`,
  });
  assert.equal(summary?.verdict, 'pass', output);
  assert.deepEqual(summary.run.stalls, []);
});
