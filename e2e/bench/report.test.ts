import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parseRunRecord } from '../core/record/runRecord.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { createHeader, writeLoadRecord } from './report.ts';

test('the written record can be read and judged like that of a run', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-record-'));
  try {
    const file = path.join(folder, 'measurements.ndjson');
    const header = createHeader('local');
    writeLoadRecord(file, { header, workload: 'sustained', requests: 6001, seed: 1 });
    const record = parseRunRecord(readFileSync(file, 'utf8'), file);
    assert.deepEqual(
      record.loads.map(({ workload, n }) => [workload, n]),
      [['sustained', 6001]],
    );
    const selected = ['sustained.latency.p95', 'sustained.isolation'];
    const { judgements } = judgeRun(record, { selected });
    assert.deepEqual(
      judgements.map(({ id, verdict }) => [id, verdict]),
      selected.map((id) => [id, 'pass']),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
