import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeSeededRun } from '../core/testing/judgeSeededRun.ts';
import {
  calibrate,
  findDeviations,
  findDifferences,
  QUICK_SCALE,
  readCalibrationRecord,
} from './calibrate.ts';
import { generatedSchemas } from './schemas.ts';
import { ROOT, TOOLS } from './tools.ts';

test('the committed schemas are those that the zod schemas generate (npm run schemas)', () => {
  for (const [file, text] of Object.entries(generatedSchemas())) {
    assert.equal(readFileSync(join(ROOT, file), 'utf8'), text, file);
  }
});

const recorded = readCalibrationRecord();

test('the short simulations give the recorded results (npm run calibrate -- --write)', () => {
  assert.deepEqual(findDifferences(calibrate(QUICK_SCALE), recorded.quick), []);
});

test('the full record meets every goal', () => {
  const goals = recorded.full.flatMap((row) => row.goals);
  assert.ok(goals.length > 30);
  assert.deepEqual(findDeviations(recorded.full, recorded.full), []);
});

test('a row that differs, is missing or misses its goal is found', () => {
  const [row] = recorded.full.filter(({ goals }) => goals.length > 0);
  const goal = row?.goals[0];
  assert.ok(row !== undefined && goal !== undefined);
  const worse = { ...row, figures: { ...row.figures, [goal.figure]: (goal.atMost ?? 0) + 1000 } };
  assert.deepEqual(findDeviations([worse], [row]).length, goal.atMost === undefined ? 1 : 2);
  assert.match(findDeviations([], [row])[0] ?? '', /^is missing/);
  const changedBy = (factor: number) => {
    const figures = { ...row.figures, [goal.figure]: (goal.atMost ?? 1) * factor };
    return { ...row, figures };
  };
  assert.deepEqual(findDifferences([changedBy(1 + 1e-14)], [changedBy(1)]), []);
  assert.equal(findDifferences([changedBy(1 + 1e-11)], [changedBy(1)]).length, 1);
});

test('Node and Deno give the same judgements, to 12 digits', () => {
  const script = join(ROOT, 'e2e', 'core', 'testing', 'judgeSeededRun.ts');
  const byNode = execFileSync(TOOLS.node[0], [script], { encoding: 'utf8' });
  const byDeno = execFileSync(TOOLS.deno[0], ['run', '-A', script], { encoding: 'utf8' });
  assert.equal(byNode, judgeSeededRun());
  assert.equal(byDeno, byNode);
  assert.deepEqual(
    new Set(JSON.parse(byNode).judgements.map(({ verdict }: { verdict: string }) => verdict)).size,
    3,
  );
});
