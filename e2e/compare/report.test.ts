import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { formatChange, type JudgedMetric } from './judge.ts';
import { markdownText, terminalText, writeComparison } from './report.ts';
import { comparisonOf, SAME } from './testing/comparisonOf.ts';

test('the terminal shows a line for each metric, what does not count, and last the answer', () => {
  assert.deepEqual(terminalText(comparisonOf()).split('\n'), [
    'Metric                        Baseline  Candidate   Change     99 % interval  Pairs  Verdict',
    'page weight of a first visit  80,000 B  100,000 B  +25.0 %   +24.0 % to open     15  more',
    'classify time                  23.0 ms    23.1 ms   +0.3 %  −1.0 % to +1.4 %    200  no difference beyond 5 %',
    '',
    'baseline: main (aaaaaaa), candidate: the working tree',
    'model: mocked, median 20 ms, the same latencies on both sides',
    'a block is 5 requests of each operation, and for own times 5 more, one at a time; its median counts',
    "no optimizing compiler: V8's make processes of the same code differ in speed",
    'seed 7; took 61 s',
    '2 pairs left out: a request failed (0 of the baseline, 2 of the candidate)',
    '1 pairs left out: the harness stalled or had no CPU time',
    '',
    'It got worse: page weight of a first visit +25.0 % (+24.0 % to open); no difference beyond 5 % in 1 of 2 metrics.',
    '',
  ]);
});

test('the job summary begins with the answer and folds the rest', () => {
  const text = markdownText(comparisonOf());
  assert.match(text, /^## ❌ It got worse\\: page weight of a first visit \\\+25\.0 %/);
  assert.match(text, /\n\| Metric \| Baseline .*\n\| --- \|/);
  assert.match(text, /\n<details><summary>How it was compared<\/summary>\n\n- baseline\\: main/);
  assert.match(markdownText(comparisonOf({ metrics: [SAME] })), /^## ✅ It did not get worse/);
  const open: JudgedMetric = { ...SAME, verdict: 'inconclusive', says: 'inconclusive' };
  assert.match(markdownText(comparisonOf({ metrics: [open] })), /^## ❔ It is not known/);
});

test('the files hold all that it takes to judge again', () => {
  using folder = temporaryFolder();
  const comparison = comparisonOf();
  writeComparison(path.join(folder.path, 'new'), comparison);
  const text = readFileSync(path.join(folder.path, 'new', 'comparison.json'), 'utf8');
  assert.deepEqual(JSON.parse(text), comparison);
});

test('changes have a sign, and a change of nothing has no minus', () => {
  assert.deepEqual([1.1, 0.9, 1, 0.99999, 21].map(formatChange), [
    ...['+10.0 %', '−10.0 %', '+0.0 %', '+0.0 %'],
    '+2000 %',
  ]);
});
