import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { plainText, quoteForShell, shortText } from './terminalText.ts';

test('what could move a cursor, colour, reorder or start a line becomes a space', () => {
  assert.equal(plainText('a\u001b[31mred\u0007'), 'a [31mred');
  assert.equal(plainText('one\r\n::error::two\u2028three'), 'one ::error::two three');
  assert.equal(plainText('pass\u202efail'), 'pass fail');
  assert.equal(plainText('a\ud800b'), 'a b');
  assert.equal(plainText('  Umsatz für Q3: 2,5 Mio. € 📈 '), 'Umsatz für Q3: 2,5 Mio. € 📈');
});

test('what a CI would take for a command of its own is broken up', () => {
  assert.equal(plainText('\n::error::gone'), ': :error::gone');
  assert.equal(plainText('gone ##[error]x'), 'gone ## [error]x');
});

test('no more than 2 KB are kept, and no character is cut in two', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (const text of ['a'.repeat(5000), `a${'€'.repeat(2000)}`, `ab${'📈'.repeat(2000)}`]) {
    const kept = plainText(text);
    assert.ok(bytes(kept) <= 2048 && bytes(kept) > 2040);
    assert.match(kept, /^[ab€📈]+…$/u);
  }
  assert.equal(plainText('x'.repeat(2048)).length, 2048);
});

test('text is cut with a mark once it is too long, and made plain first', () => {
  assert.equal(shortText('status 500', 10), 'status 500');
  assert.equal(shortText('status 5003', 10), 'status 50…');
  assert.equal(shortText(' a\n\u001b[31mb\t', 10), 'a [31mb');
  assert.equal(shortText('', 10), '');
});

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
