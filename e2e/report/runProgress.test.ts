import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunProgress } from './runProgress.ts';

const running = (workload: string, note = '', clear: string[] = []) =>
  ({ workload, state: 'running', clear, note }) as const;

test('the line shows the time, the measured objectives and the note of the workload', () => {
  const progress = new RunProgress(['a.latency.p95', 'a.latency.p50', 'b.page'], 3);
  progress.beginTest('is quick');
  assert.equal(progress.describe(4_000, 120), '  0:04  0 of 3 objectives measured  is quick');
  progress.takeLine(running('baseline', 'a.latency.p95: n = 20, about 45 more to pass'));
  assert.equal(
    progress.describe(100_999, 120),
    '  1:40  0 of 3 objectives measured  baseline: a.latency.p95: n = 20, about 45 more to pass',
  );
  // Objectives that were not selected do not count, and none counts twice.
  progress.takeLine(running('baseline', '', ['a.latency.p50', 'c.latency.p50']));
  progress.endTest(['a.latency.p50', 'a.latency.p95'], true);
  assert.equal(
    progress.describe(600_000, 120),
    ' 10:00  2 of 3 objectives measured, 1 failed  baseline',
  );
  progress.takeLine({ ...running('baseline'), state: 'ended' });
  assert.equal(progress.describe(0, 120).trimEnd(), '  0:00  2 of 3 objectives measured, 1 failed');
});

test('workloads that run at the same time are named, and those of a dead worker have ended', () => {
  const progress = new RunProgress(['a.latency.p95'], 1);
  progress.takeLine(running('slow', 'n = 3'));
  progress.takeLine(running('hung'));
  assert.match(progress.describe(0, 120), / {2}2 workloads: slow, hung$/);
  progress.loseWorker();
  assert.equal(progress.describe(0, 120), '  0:00  0 of 1 objectives measured  ');
});

test('a line is never wider than the terminal', () => {
  const progress = new RunProgress(['a.latency.p95'], 1);
  progress.takeLine(running('slow', `status 500: \u001b[2J${'×'.repeat(300)}`));
  for (const columns of [10, 40, 80, 120]) {
    const line = progress.describe(1_000, columns);
    assert.ok(line.length <= columns, line);
    assert.ok(!line.includes('\u001b'));
  }
  assert.equal(progress.describe(1_000, 120).length, 120);
});

test('a run without objectives counts its tests', () => {
  const progress = new RunProgress([], 15);
  progress.endTest([], false);
  progress.beginTest('is healthy');
  assert.equal(progress.describe(1_000, 120), '  0:01  1 of 15 tests  is healthy');
});
