import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { alignedTable, alignRows, FIGURES_ON_THE_RIGHT, textWidth } from './table.ts';
import { plainText, quoteForShell, shortText } from './terminalText.ts';

test('characters that move the cursor, colour, reorder or break a line become spaces', () => {
  assert.equal(plainText('a\u001b[31mred\u0007'), 'a [31mred');
  assert.equal(plainText('one\r\n::error::two\u2028three'), 'one ::error::two three');
  assert.equal(plainText('pass\u202efail'), 'pass fail');
  assert.equal(plainText('a\ud800b'), 'a b');
  assert.equal(plainText('  Umsatz für Q3: 2,5 Mio. € 📈 '), 'Umsatz für Q3: 2,5 Mio. € 📈');
});

test('workflow commands of CI systems are broken up', () => {
  assert.equal(plainText('\n::error::gone'), ': :error::gone');
  assert.equal(plainText('gone ##[error]x'), 'gone ## [error]x');
});

test('text is cut at 2 KB, between characters', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (const text of ['a'.repeat(5000), `a${'€'.repeat(2000)}`, `ab${'📈'.repeat(2000)}`]) {
    const kept = plainText(text);
    assert.ok(bytes(kept) <= 2048 && bytes(kept) > 2040);
    assert.match(kept, /^[ab€📈]+…$/u);
  }
  assert.equal(plainText('x'.repeat(2048)).length, 2048);
});

test('short text is made plain, then cut with a mark', () => {
  assert.equal(shortText('status 500', 10), 'status 500');
  assert.equal(shortText('status 5003', 10), 'status 50…');
  assert.equal(shortText(' a\n\u001b[31mb\t', 10), 'a [31mb');
  assert.equal(shortText('', 10), '');
});

test('words that a shell takes literally are not quoted', () => {
  for (const word of ['perf-report/playwright', '--project=perf', 'a.spec.ts:12', 'x@1.2,3%+']) {
    assert.equal(quoteForShell(word), word);
  }
});

test('a shell reads every quoted word back unchanged', () => {
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

test('a Markdown table is aligned for the terminal', () => {
  const table = {
    head: ['client', 'P50'],
    rows: [
      ['ours', '0.42'],
      ['k6', '−1,000.00'],
    ],
  };
  assert.equal(
    alignedTable(table),
    `| client |       P50 |
| ------ | --------: |
| ours   |      0.42 |
| k6     | −1,000.00 |
`,
  );
});

test('a cell cannot break the table, and a missing cell is empty', () => {
  const table = { head: ['a', 'b'], rows: [['error: x | y\nz', '1'], ['two']] };
  assert.equal(
    alignedTable(table),
    `| a               |   b |
| --------------- | --: |
| error: x \\| y z |   1 |
| two             |     |
`,
  );
});

test('rows are aligned in columns; empty columns are left out, and no line ends with spaces', () => {
  assert.deepEqual(
    alignRows([
      ['chat', '', 'P95', 'why it is so'],
      ['narrative', '', 'max', ''],
    ]),
    ['chat       P95  why it is so', 'narrative  max'],
  );
  assert.deepEqual(
    alignRows(
      [
        ['a', '1'],
        ['bc', '20'],
      ],
      { ...FIGURES_ON_THE_RIGHT, gap: ' | ' },
    ),
    ['a  |  1', 'bc | 20'],
  );
  assert.deepEqual(alignRows([]), []);
});

test('the width of a text counts wide characters twice and combined ones once', () => {
  assert.equal(textWidth('≥ 2 × 5 µs · ✓'), 14);
  // Both ways to write é, and a family that is one character to the eye.
  assert.equal(textWidth('\u00e9'), 1);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(textWidth('👩‍👩‍👧'), 2);
  assert.equal(textWidth('東京'), 4);
  assert.deepEqual(
    alignRows([
      ['e\u0301', '|'],
      ['東', '|'],
      ['≥ 1', '|'],
    ]),
    ['e\u0301    |', '東   |', '≥ 1  |'],
  );
});
