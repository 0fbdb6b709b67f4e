import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestInfo } from '@playwright/test';
import type { Objective } from '../core/budget/objective.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { readRecordFile } from '../history/recordFile.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import type { RunContext } from '../setup/runContext.ts';
import { auditReportPath, isAudit } from '../workloads/page/measureLighthouse.ts';

/** Attaches Lighthouse's report of the median iteration to a test that judges an audit, whatever the verdict. */
export async function attachAudit(
  testInfo: Pick<TestInfo, 'annotations' | 'attach'>,
  { header, recordFile, reportDir }: Pick<RunContext, 'header' | 'recordFile' | 'reportDir'>,
): Promise<void> {
  const ids = testInfo.annotations
    .filter(({ type }) => type === 'objective')
    .map(({ description }) => description);
  const judged = header.objectives.filter(
    ({ id, workload }) => ids.includes(id) && isAudit(workload),
  );
  if (judged.length === 0 || !existsSync(recordFile)) return;
  const record = readRecordFile(recordFile);
  for (const objective of judged) {
    const { workload } = objective;
    const index = medianIndex(objective, record);
    if (index === null || !isAudit(workload)) continue;
    const file = auditReportPath(reportDir, workload, index);
    if (!existsSync(file)) continue;
    await testInfo.attach(path.basename(file), { path: file, contentType: 'text/html' });
  }
}

/** The iteration with the median value, the lower one of two; null if none has a value. */
export function medianIndex(objective: Objective, record: Readonly<RunRecord>): number | null {
  const { events } = deriveEvents(objective, record);
  const known = events.flatMap(({ id, value }) => (value === null ? [] : [{ id, value }]));
  known.sort((a, b) => a.value - b.value);
  const middle = known[(known.length - 1) >> 1];
  return record.samples.find(({ id }) => id === middle?.id)?.index ?? null;
}
