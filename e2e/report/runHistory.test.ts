import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { readHistory } from '../history/history.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { buildSummary } from './buildSummary.ts';
import { recordInHistory } from './runHistory.ts';

function summaryOf(
  id: string,
  latencyMs: number,
  { target = 'local', objective = latencyP95 } = {},
): Summary {
  const requests = Array.from({ length: 70 }, (_, at) => ({
    ...requestOf(at),
    values: { latencyMs },
  }));
  const record = recordOf([objective], { requests });
  const judged = judgeRun(record, deriveEvents, { selected: [objective.id] });
  const summary = buildSummary(record, judged, { verdict: 'pass', reasons: [] }, 1000);
  return { ...summary, run: { ...summary.run, id, target } };
}

test('a run is added once, and shown beside earlier runs of its target', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'history-')), 'history.ndjson');
  assert.deepEqual(recordInHistory(file, summaryOf('one', 300)), []);
  assert.deepEqual(recordInHistory(file, summaryOf('elsewhere', 900, { target: 'staging' })), []);
  const lines = recordInHistory(file, summaryOf('two', 310.25));
  assert.deepEqual(lines, ['classify.latency.p95: 300.0 → 310.3 ms']);
  assert.deepEqual(recordInHistory(file, summaryOf('two', 310.25)), lines);
  assert.deepEqual(
    readHistory(file).map(({ id }) => id),
    ['one', 'elsewhere', 'two'],
  );
});

test('an objective is shown beside the runs that judged it', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'history-')), 'history.ndjson');
  const p50 = { ...latencyP95, id: 'classify.latency.p50', allowedShare: 0.5 };
  recordInHistory(file, summaryOf('one', 300));
  for (const id of ['two', 'three', 'four', 'five', 'six', 'seven']) {
    recordInHistory(file, summaryOf(id, 200, { objective: p50 }));
  }
  assert.deepEqual(recordInHistory(file, summaryOf('eight', 310)), [
    'classify.latency.p95: 300.0 → 310.0 ms',
  ]);
});
