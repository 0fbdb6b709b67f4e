import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@babel/parser';
import { checkSync } from 'recheck';
import { ROOT } from './commands/tools.ts';

type Found = { path: string; line: number; pattern: string; flags: string };

/** Finds regular expressions with a parser: only its place tells whether a slash begins one or divides. */
function findPatterns(path: string): Found[] {
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

/** Files whose patterns search only texts that cannot be slow, and why. */
const EXEMPT: Record<string, string> = {
  'e2e/core/readJson.ts': 'valid JSON, in which each string ends',
};

/**
 * Does a pattern take longer than linear time for some text? The search by trial also suspects harmless patterns, such as a bounded
 * repetition: an exact method checks these once more.
 */
function isSlow({ pattern, flags }: Pick<Found, 'pattern' | 'flags'>): boolean {
  const timeout = 10_000;
  const { status, checker } = checkSync(pattern, flags, { timeout });
  if (status !== 'vulnerable' || checker === 'automaton') return status === 'vulnerable';
  return checkSync(pattern, flags, { timeout, checker: 'automaton' }).status !== 'safe';
}

test('no regular expression takes longer than linear time', () => {
  const exempt = ['**/*.test.ts', '**/*.spec.ts', '**/testing/**', ...Object.keys(EXEMPT)];
  const patterns = globSync(['playwright.config.ts', '{e2e,mocks}/**/*.{ts,mts,js,mjs}'], {
    cwd: ROOT,
    exclude: exempt,
  }).flatMap(findPatterns);
  assert.ok(patterns.length > 50, `${patterns.length} patterns were found`);
  const slow = patterns.filter(isSlow);
  assert.deepEqual(
    slow.map(({ path, line, pattern }) => `${path}:${line} /${pattern}/`),
    [],
  );
});

test('a regular expression that once took 15 s for 80 kB is found slow, and its bounded twin is not', () => {
  assert.equal(isSlow({ pattern: '\\[[0-9a-f:]*:[0-9a-f:]*\\]:\\d{2,5}\\b', flags: 'i' }), true);
  assert.equal(isSlow({ pattern: '\\[[0-9a-f:]{2,45}\\]:\\d{2,5}\\b', flags: 'i' }), false);
});
