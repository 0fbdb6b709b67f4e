import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@babel/parser';
import { checkSync } from 'recheck';
import { ROOT } from './commands/tools.ts';

type Found = { path: string; line: number; pattern: string; flags: string };

/** Found by a parser, since only the place of a slash tells a regular expression from a division. */
function patternsIn(path: string): Found[] {
  const code = readFileSync(join(ROOT, path), 'utf8');
  const { tokens } = parse(code, {
    sourceType: 'module',
    plugins: path.endsWith('.ts') ? ['typescript'] : [],
    tokens: true,
  });
  return (tokens ?? []).flatMap(({ type, value, loc }) =>
    type.label === 'regexp' ? [{ path, line: loc.start.line, ...value }] : [],
  );
}

/** Files whose patterns get only texts that cannot hold them up, and why. */
const EXEMPT: Record<string, string> = {
  'e2e/core/readJson.ts': 'valid JSON, in which each string ends',
};

/**
 * Does some text take it longer than linear time? The search by trial suspects too many, such as a bounded repetition:
 * an exact method checks these once more, where it can.
 */
function isSlow({ pattern, flags }: Pick<Found, 'pattern' | 'flags'>): boolean {
  const timeout = 10_000;
  const tried = checkSync(pattern, flags, { timeout });
  if (tried.status !== 'vulnerable' || tried.checker === 'automaton') {
    return tried.status === 'vulnerable';
  }
  return checkSync(pattern, flags, { timeout, checker: 'automaton' }).status !== 'safe';
}

test('no regular expression can be held up by the text that it searches', () => {
  const exempt = ['**/*.test.ts', '**/*.spec.ts', '**/testing/**', ...Object.keys(EXEMPT)];
  const patterns = globSync(['playwright.config.ts', '{e2e,mocks}/**/*.{ts,mts,js,mjs}'], {
    cwd: ROOT,
    exclude: exempt,
  }).flatMap(patternsIn);
  assert.ok(patterns.length > 50, `${patterns.length} patterns were found`);
  const slow = patterns.filter(isSlow);
  assert.deepEqual(
    slow.map(({ path, line, pattern }) => `${path}:${line} /${pattern}/`),
    [],
  );
});

test('planted: one that was held up for 15 s by 80 kB, and its bounded twin', () => {
  assert.equal(isSlow({ pattern: '\\[[0-9a-f:]*:[0-9a-f:]*\\]:\\d{2,5}\\b', flags: 'i' }), true);
  assert.equal(isSlow({ pattern: '\\[[0-9a-f:]{2,45}\\]:\\d{2,5}\\b', flags: 'i' }), false);
});
