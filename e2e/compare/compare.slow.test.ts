import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../commands/tools.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import type { Comparison } from './report.ts';

const MAIN = path.join(ROOT, 'e2e/compare/main.ts');
const ITSELF = '--baseline HEAD --candidate HEAD --self-test --only api --seed 1'.split(' ');

/** Runs the command. Its report is `comparison`; null without one. */
function compare(args: string[]) {
  using folder = temporaryFolder();
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PERF_REPORT_DIR: folder.path },
  });
  const names = readdirSync(folder.path);
  const read = (name: string) => readFileSync(path.join(folder.path, name), 'utf8');
  const comparison: Comparison | null = names.includes('comparison.json')
    ? JSON.parse(read('comparison.json'))
    : null;
  const markdown = names.includes('summary.md') ? read('summary.md') : null;
  return { status, stdout, stderr, comparison, markdown };
}

const checkOuts = () => readdirSync(tmpdir()).filter((name) => name.startsWith('compare-'));
const isHere = () => {
  try {
    execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const skip = isHere() ? false : 'this is no git repository';

test('a commit against itself is called neither slower nor faster, and leaves no folder', {
  skip,
}, () => {
  const before = checkOuts();
  const { stdout, stderr, comparison, markdown } = compare([...ITSELF, '--seconds', '8']);
  assert.ok(comparison !== null, stderr);
  assert.equal(comparison.metrics.length, 6);
  for (const { id, verdict, tail } of comparison.metrics) {
    assert.ok(verdict === 'same' || verdict === 'inconclusive', `${id}: ${verdict}`);
    assert.notEqual(tail?.verdict, 'worse', id);
  }
  assert.match(stdout, /It did not get worse|It is not known/);
  assert.match(markdown ?? '', /^## /);
  assert.deepEqual(checkOuts(), before);
});

test('a candidate with slower answers is found and fails', { skip }, () => {
  const { status, stdout, comparison } = compare([
    ...[...ITSELF, '--seconds', '20'],
    ...['--candidate-args', '--defect classify-five-ms'],
  ]);
  assert.equal(status, 1);
  assert.match(stdout, /It got worse: .*own time of classify \+[\d.]+ %/);
  const verdicts = Object.fromEntries(comparison?.metrics.map((one) => [one.id, one.says]) ?? []);
  assert.equal(verdicts['classify.ownTime'], 'slower');
  assert.notEqual(verdicts.modelCalls, 'more');
});

test('a commit whose SalesTalk does not start is one clear error', { skip }, () => {
  const { status, stdout, stderr } = compare([...ITSELF, '--candidate-args', '--defect none']);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(
    stderr,
    /^COMPARISON_INVALID: The SalesTalk of the candidate, HEAD \(\w{7}\), does not start\.\n +found +DEFECT_UNKNOWN/m,
  );
});

test('an interrupted comparison removes its folders and ends its processes', { skip }, async () => {
  const before = checkOuts();
  using folder = temporaryFolder();
  const child = spawn(process.execPath, [MAIN, ...ITSELF], {
    cwd: ROOT,
    env: { ...process.env, PERF_REPORT_DIR: folder.path },
  });
  const exited = once(child, 'exit');
  // The first line comes once both sides run.
  await once(child.stderr, 'data');
  assert.equal(checkOuts().length, before.length + 2);
  child.kill('SIGINT');
  assert.deepEqual(await exited, [130, null]);
  assert.deepEqual(checkOuts(), before);
  assert.deepEqual(readdirSync(folder.path), []);
});
