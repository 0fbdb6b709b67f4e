import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startPlaywright } from './testing/startPlaywright.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Runs the perf project in a folder with a changed budget. */
async function runPerf(
  changes: { objectives?: object; ceilings?: object },
  args: readonly string[],
) {
  using folder = temporaryFolder();
  cpSync(path.join(ROOT, 'budgets'), path.join(folder.path, 'budgets'), { recursive: true });
  const ceilings = { requestsPerSecond: 800, requestsPerRun: 100_000, durationSeconds: 600 };
  const budget = {
    extends: 'common.json',
    embedded: { flavour: 'planned' },
    hosts: ['127.0.0.1'],
    ceilings: { ...ceilings, paidModelCalls: 0, load: true, faults: true, ...changes.ceilings },
    objectives: changes.objectives ?? {},
    knownGaps: [],
  };
  writeFileSync(path.join(folder.path, 'budgets/local.json'), JSON.stringify(budget));
  const config = path.join(ROOT, 'playwright.config.ts');
  const { ended } = startPlaywright(['test', '-c', config, '--project=perf', ...args], {
    cwd: folder.path,
    env: { PERF_REPORT_DIR: 'perf-report', SALESTALK_TARGET: 'local' },
  });
  return await ended;
}

for (const [what, changes, args, code, place] of [
  [
    'a sample that is too small',
    { objectives: { 'classify.latency.p95': { belowMs: 2000, sampleBudget: 20 } } },
    [],
    'BUDGET_INVALID',
    /objectives → "classify\.latency\.p95" → sampleBudget/,
  ],
  [
    'a ceiling that is too low for the rate that a spec states',
    { ceilings: { durationSeconds: 5 } },
    ['--grep', '@narrative.latency.p95'],
    'CEILING_EXCEEDED',
    /ceilings → durationSeconds/,
  ],
] as const) {
  test(`${what} is reported as one error, before anything is sent`, async () => {
    const { status, output } = await runPerf(changes, args);
    assert.equal(status, 1, output);
    assert.match(output, place);
    assert.equal(output.split(code).length - 1, 1, output);
    assert.doesNotMatch(output, /No tests found|Measuring \d+ objectives|Error: Error/);
  });
}
