import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { quoteForShell } from './quoteForShell.ts';

test('what a shell takes literally stays as it is', () => {
  for (const word of ['perf-report/playwright', '--project=perf', 'a.spec.ts:12', 'x@1.2,3%+']) {
    assert.equal(quoteForShell(word), word);
  }
});

test('a shell gives back every other word as it was', () => {
  const words = [
    '',
    'my report/playwright',
    "it's",
    '$HOME',
    '`id`',
    'a\nb',
    '*',
    '~',
    'é',
    '"',
    '\\',
    '#x',
  ];
  const command = ['printf', '%s\\0', ...words].map(quoteForShell).join(' ');
  assert.deepEqual(execFileSync('sh', ['-c', command]).toString().split('\0').slice(0, -1), words);
});
