import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { readHistory } from '../history/history.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { recordInHistory } from './runHistory.ts';
import { summaryOf } from './testing/summaryOf.ts';

function runOf(
  id: string,
  latencyMs: number,
  { target = 'local', objective = latencyP95 } = {},
): Summary {
  const requests = Array.from({ length: 70 }, (_, at) => requestOf(at, { values: { latencyMs } }));
  const summary = summaryOf(recordOf([objective], { requests }));
  return { ...summary, run: { ...summary.run, id, target } };
}

test('a run is added once, and shown with the earlier runs of its target', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  assert.deepEqual(recordInHistory(file, runOf('one', 300)), []);
  assert.deepEqual(recordInHistory(file, runOf('elsewhere', 900, { target: 'staging' })), []);
  const lines = recordInHistory(file, runOf('two', 310.25));
  assert.deepEqual(lines, ['classify.latency.p95: 300.0 → 310.3 ms']);
  assert.deepEqual(recordInHistory(file, runOf('two', 310.25)), lines);
  assert.deepEqual(
    readHistory(file).map(({ id }) => id),
    ['one', 'elsewhere', 'two'],
  );
});

test('an objective is shown with the earlier runs that judged it, however many did not', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  const p50 = { ...latencyP95, id: 'classify.latency.p50', allowedShare: 0.5 };
  recordInHistory(file, runOf('one', 300));
  for (const id of ['two', 'three', 'four', 'five', 'six', 'seven']) {
    recordInHistory(file, runOf(id, 200, { objective: p50 }));
  }
  assert.deepEqual(recordInHistory(file, runOf('eight', 310)), [
    'classify.latency.p95: 300.0 → 310.0 ms',
  ]);
});
