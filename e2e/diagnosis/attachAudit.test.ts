import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { auditOf, recordOf } from '../core/testing/recordOf.ts';
import { METRICS } from '../metrics/metrics.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { auditReportPath } from '../workloads/page/measureLighthouse.ts';
import { attachAudit, medianIndex } from './attachAudit.ts';

const OBJECTIVE: Objective = {
  ...latencyP95,
  id: 'lighthouseFlow.lcp.p50',
  operation: 'lighthouseFlow',
  workload: 'lighthouseFlow',
  metric: METRICS.lcp,
};

const recordWith = (...lcpMs: number[]) =>
  recordOf([OBJECTIVE], {
    samples: lcpMs.map((ms, index) =>
      auditOf(index, {
        workload: 'lighthouseFlow',
        operation: 'lighthouseFlow',
        values: { lcpMs: ms },
      }),
    ),
  });

test('finds the iteration with the median value, the lower one of two', () => {
  assert.equal(medianIndex(OBJECTIVE, recordWith(300, 100, 200)), 2);
  assert.equal(medianIndex(OBJECTIVE, recordWith(300, 100, 200, 400)), 2);
  assert.equal(medianIndex(OBJECTIVE, recordWith()), null);
});

test('attaches the median report to a test of an audit, and nothing to another test', async () => {
  using folder = temporaryFolder();
  const { run, samples } = recordWith(300, 100, 200);
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  writeFileSync(recordFile, [run, ...samples].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const report = auditReportPath(folder.path, 'lighthouseFlow', 2);
  assert.equal(path.basename(report), 'flow-3.html');
  const context = { header: run, recordFile, reportDir: folder.path };
  const attachedTo = async (description: string) => {
    const attached: unknown[] = [];
    const annotations = [{ type: 'objective', description }];
    const attach = async (...args: unknown[]) => void attached.push(args);
    await attachAudit({ annotations, attach }, context);
    return attached;
  };
  // Lighthouse failed before it wrote a report.
  assert.deepEqual(await attachedTo(OBJECTIVE.id), []);
  mkdirSync(path.dirname(report), { recursive: true });
  writeFileSync(report, '<!doctype html>');
  assert.deepEqual(await attachedTo(OBJECTIVE.id), [
    ['flow-3.html', { path: report, contentType: 'text/html' }],
  ]);
  assert.deepEqual(await attachedTo('classify.latency.p95'), []);
});
