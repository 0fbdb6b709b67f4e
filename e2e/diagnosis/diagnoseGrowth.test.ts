import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeGrowth, findGrowth } from './diagnoseGrowth.ts';

const LEAK = {
  constructorName: 'Object',
  countDelta: 10,
  selfDeltaBytes: 280,
  retainedDeltaBytes: 10_320,
  retainers: { path: 'Window → leaks (Array) → [12] (Object)', count: 9, of: 10 },
};

test('what grew most, in a sentence', () => {
  assert.equal(
    findGrowth({ iterations: 10, growth: [LEAK] }),
    'Each further use leaves 1 × Object behind (1,032 B, all that they hold included), held by Window → leaks (Array) → [12] (Object).',
  );
  assert.match(
    findGrowth({ iterations: 10, growth: [{ ...LEAK, retainers: null }] }) ?? '',
    /\)\.$/,
  );
  assert.equal(findGrowth({ iterations: 10, growth: [] }), null);
});

test('a table of all that grew and what holds it, without control characters', () => {
  const other = { ...LEAK, constructorName: 'A\u001b[2J\nB', countDelta: -3, retainers: null };
  assert.equal(
    describeGrowth({ iterations: 10, growth: [LEAK, other] }),
    [
      'In 10 further uses, all that holds at least one more of its kind or 64 B more a use:',
      '',
      '  constructor  count  own size  with all that it holds',
      '  Object         +10    +280 B               +10,320 B',
      '      9 of 10 held by Window → leaks (Array) → [12] (Object)',
      '  A [2J B         -3    +280 B               +10,320 B',
      '      held by nothing that a window leads to',
      '',
    ].join('\n'),
  );
  assert.match(describeGrowth({ iterations: 10, growth: [] }), /nothing/);
});
