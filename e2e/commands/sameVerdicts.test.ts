import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeSeededRun } from '../core/testing/judgeSeededRun.ts';
import { ROOT } from './tools.ts';

test('Node and Deno come to the same judgements, to 12 digits', () => {
  const bin = join(ROOT, 'node_modules', '.bin');
  const script = join(ROOT, 'e2e', 'core', 'testing', 'printSeededRun.ts');
  const byNode = execFileSync(join(bin, 'node'), [script], { encoding: 'utf8' });
  const byDeno = execFileSync(join(bin, 'deno'), ['run', '-A', script], { encoding: 'utf8' });
  assert.equal(byNode, judgeSeededRun());
  assert.equal(byDeno, byNode);
  assert.deepEqual(
    new Set(JSON.parse(byNode).judgements.map(({ verdict }: { verdict: string }) => verdict)).size,
    3,
  );
});
