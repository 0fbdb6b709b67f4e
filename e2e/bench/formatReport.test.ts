import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReport } from './formatReport.ts';

test('tables, goals with their outcomes, and notes, as Markdown', () => {
  const report = {
    title: 'cost: of something',
    tables: [{ head: ['client', 'cost'], rows: [['ours', '1']] }],
    goals: [
      { goal: 'level with x', isReached: true, found: '1.00 × x' },
      { goal: '3 × y', isReached: false, found: '2.00 × y' },
      { goal: 'more than z', isReached: null, found: 'not measured' },
    ],
    notes: ['So many seconds.', 'not installed: z (get it)'],
  };
  assert.equal(
    formatReport(report, 2),
    `### cost: of something

| client | cost |
| ------ | ---: |
| ours   |    1 |

- Goal: level with x: **reached** (1.00 × x).
- Goal: 3 × y: **not reached** (2.00 × y).
- Goal: more than z: **not known** (not measured).

2 runs of each. So many seconds. not installed: z (get it)
`,
  );
});
