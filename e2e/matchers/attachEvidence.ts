import type { TestInfo } from '@playwright/test';
import type { MetricName } from '../core/budget/metrics.ts';
import { plainText } from '../core/plainText.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import { waterfallChart } from '../report/charts/waterfallChart.ts';
import type { Measured } from './measured.ts';
import { describeSlowest, slowestRequest, waterfallOf } from './slowestRequest.ts';

/** Doing a step once more for diagnosis, heap snapshots and all; a test's own time-out must not cut into it. */
const DIAGNOSIS_TIMEOUT_MS = 3 * 60_000;

/** What these are missed by shows in what the page was busy with, before it shows in any request. */
const BUSY: readonly MetricName[] = ['blocking', 'missedFrames', 'inp', 'tbt', 'chunkGap'];

/**
 * Puts on the test what tells the cause of a miss: the slowest request as a waterfall, and what doing the step once more brought to light.
 * Gives back what was found first, in a sentence, or why nothing could be.
 */
export async function attachEvidence(
  testInfo: TestInfo,
  { objective, series }: Judged,
  record: RunRecord,
  measured: Measured,
): Promise<string | null> {
  const slowest = slowestRequest(objective, series, record);
  if (slowest !== null) {
    const body = waterfallChart(waterfallOf(slowest));
    const name = `${objective.id} slowest request.svg`;
    await testInfo.attach(name, { body, contentType: 'image/svg+xml' });
  }
  const inRecord = slowest === null ? null : describeSlowest(slowest);
  if (measured.diagnose === undefined) return inRecord;
  testInfo.setTimeout(testInfo.timeout + DIAGNOSIS_TIMEOUT_MS);
  try {
    const evidence = await measured.diagnose(objective);
    for (const { name, path, contentType } of evidence?.files ?? []) {
      await testInfo.attach(name, { path, contentType });
    }
    const inStep = evidence?.found ?? null;
    return BUSY.includes(objective.metric) ? (inStep ?? inRecord) : (inRecord ?? inStep);
  } catch (error) {
    // The verdict stands, whatever becomes of the search for its cause.
    const reason = error instanceof Error ? error.message : String(error);
    return inRecord ?? `nothing: the step could not be done once more (${plainText(reason)})`;
  }
}
