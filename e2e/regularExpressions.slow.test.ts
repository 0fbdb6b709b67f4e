import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isRegExpLiteral, traverse } from '@babel/types';
import { checkSync } from 'recheck';
import { readSources } from './commands/layers/readSources.ts';
import { isCode, isTestCode, parseSource, type SourceFile } from './commands/layers/sourceFile.ts';

type Found = { path: string; line: number; pattern: string; flags: string };

function patternsIn(source: SourceFile): Found[] {
  const found: Found[] = [];
  traverse(parseSource(source), (node) => {
    if (!isRegExpLiteral(node)) return;
    const line = node.loc?.start.line ?? 1;
    found.push({ path: source.path, line, pattern: node.pattern, flags: node.flags });
  });
  return found;
}

/** Each is given only texts that cannot hold it up. */
const EXEMPT: Record<string, string> = {
  'e2e/core/findRepeatedKey.ts': 'valid JSON, in which each string ends',
};

/**
 * Is there a text that holds it up for a time beyond any proportion to its length? What a search by trial suspects of that, such as a
 * repetition with a bound, is looked at once more by an exact method, where that can.
 */
function isSlow({ pattern, flags }: Pick<Found, 'pattern' | 'flags'>): boolean {
  const timeout = 10_000;
  const tried = checkSync(pattern, flags, { timeout });
  if (tried.status !== 'vulnerable' || tried.checker === 'automaton') {
    return tried.status === 'vulnerable';
  }
  return checkSync(pattern, flags, { timeout, checker: 'automaton' }).status !== 'safe';
}

const isExempt = (path: string) => path in EXEMPT || path.endsWith('.spec.ts');

test('no regular expression can be held up by the text that it searches', () => {
  const { sources } = readSources(fileURLToPath(new URL('..', import.meta.url)));
  const patterns = sources
    .filter((source) => isCode(source) && !isTestCode(source.path) && !isExempt(source.path))
    .flatMap(patternsIn);
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
