import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignedTable, alignRows, FIGURES_ON_THE_RIGHT, textWidth } from './table.ts';

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
