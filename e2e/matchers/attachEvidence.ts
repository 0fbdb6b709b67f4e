import type { TestInfo } from '@playwright/test';
import type { RunRecord } from '../core/record/runRecord.ts';
import { plainText } from '../core/terminalText.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import {
  buildWaterfall,
  describeSlowest,
  findSlowestRequest,
} from '../report/charts/slowestRequest.ts';
import { waterfallChart } from '../report/charts/waterfallChart.ts';
import type { Measured } from './judgeMeasured.ts';

/** Time to repeat a step for diagnosis, with heap snapshots, beyond the test's own time-out. */
const DIAGNOSIS_TIMEOUT_MS = 3 * 60_000;

/**
 * Attaches evidence of the cause of a miss to the test: the slowest request as a waterfall, and what repeating the step found.
 * Returns the main finding in a sentence, or why there is none.
 */
export async function attachEvidence(
  testInfo: TestInfo,
  { objective, series }: Judged,
  record: RunRecord,
  measured: Measured,
): Promise<string | null> {
  const slowest = findSlowestRequest(objective, series, record);
  if (slowest !== null) {
    const body = waterfallChart(buildWaterfall(slowest));
    const name = `${objective.id} slowest request.svg`;
    await testInfo.attach(name, { body, contentType: 'image/svg+xml' });
  }
  const foundInRecord = slowest === null ? null : describeSlowest(slowest);
  testInfo.setTimeout(testInfo.timeout + DIAGNOSIS_TIMEOUT_MS);
  try {
    const evidence = await measured.diagnose(objective);
    for (const { name, path, contentType } of evidence?.files ?? []) {
      await testInfo.attach(name, { path, contentType });
    }
    const foundInStep = evidence?.found ?? null;
    return objective.metric.isOfMainThread
      ? (foundInStep ?? foundInRecord)
      : (foundInRecord ?? foundInStep);
  } catch (error) {
    // The verdict stands even if the diagnosis fails.
    const reason = error instanceof Error ? error.message : String(error);
    return foundInRecord ?? `nothing: the step could not be done once more (${plainText(reason)})`;
  }
}
