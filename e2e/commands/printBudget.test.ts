import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { ROOT } from './tools.ts';

const SCRIPT = fileURLToPath(new URL('printBudget.ts', import.meta.url));
const ID = 'classify.latency.p95';

type Objectives = Record<string, Record<string, unknown>>;

/** What the command prints, after a change of the objectives of the common file, which the budget of local extends. */
function printBudget(args: string[], change: (objectives: Objectives) => void = () => undefined) {
  using folder = temporaryFolder();
  cpSync(join(ROOT, 'budgets'), join(folder.path, 'budgets'), { recursive: true });
  const file = join(folder.path, 'budgets', 'common.json');
  const common: { objectives: Objectives } = JSON.parse(readFileSync(file, 'utf8'));
  change(common.objectives);
  writeFileSync(file, JSON.stringify(common));
  const options = { cwd: folder.path, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], options);
  return { status, stdout, stderr };
}

test('a budget is printed with what it inherits', () => {
  const { status, stdout } = printBudget(['local']);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).objectives[ID].onInconclusive, 'fail');
});

test('a budget that a run would refuse is not printed; the error names the file to change', () => {
  for (const [objective, path] of [
    [{ belowMs: 2000, sampleBudget: 20 }, 'sampleBudget'],
    [{ belowMs: 999, sampleBudget: 600 }, 'belowMs'],
  ] as const) {
    const { status, stdout, stderr } = printBudget(['local'], (objectives) => {
      objectives[ID] = objective;
    });
    assert.deepEqual([status, stdout], [1, '']);
    const place = `  file     budgets/common.json\n  where    objectives → "${ID}" → ${path}\n`;
    assert.ok(stderr.includes(place), stderr);
  }
});

test('without a target, the targets that have a budget are listed', () => {
  const { status, stdout } = printBudget([]);
  assert.equal(status, 1);
  assert.match(stdout, /^npm run budget -- <target>, one of .*\blocal\b/);
});
