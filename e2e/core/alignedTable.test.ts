import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignedTable } from './alignedTable.ts';

test('a table that Markdown and a terminal can show', () => {
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

test('what a tool said cannot break out of its cell; what is missing is empty', () => {
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
