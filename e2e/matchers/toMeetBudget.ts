import {
  expect as base,
  type ExpectMatcherState,
  type MatcherReturnType,
  type TestDetailsAnnotation,
  type TestInfo,
  test,
} from '@playwright/test';
import { describeObjective } from '../core/budget/objective.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { plainText } from '../core/terminalText.ts';
import { formatEstimate } from '../core/verdict/format.ts';
import { type Judged, plotObjective } from '../report/charts/plotObjective.ts';
import {
  buildWaterfall,
  describeSlowest,
  findSlowestRequest,
} from '../report/charts/slowestRequest.ts';
import { waterfallChart } from '../report/charts/waterfallChart.ts';
import { nextSteps, planRerun } from '../report/nextSteps.ts';
import { budgetMessage, closedGapMessage, messageHead } from './budgetMessage.ts';
import {
  judgeMeasured,
  type ListedGap,
  type Measured,
  selectedObjectives,
} from './judgeMeasured.ts';
import { type Finding, worstMeasurements } from './worstMeasurements.ts';

/**
 * Judges a measurement by one objective of the budget. The test passes if the objective is met. It fails if the objective is missed or,
 * unless the budget says otherwise, inconclusive, and if the measurement does not serve the objective. The verdict, its plot and evidence
 * of the cause are attached to the test.
 *
 * A miss that an open known gap admits passes. A closed gap fails the test until the budget no longer lists it. The test is skipped if
 * the miss of another objective left nothing to measure.
 * @param id of the objective, `<operation>.<metric>.<statistic>`
 */
export async function toMeetBudget(
  this: ExpectMatcherState,
  measured: Measured,
  id: string,
): Promise<MatcherReturnType> {
  if (this.isNot) {
    // With .not, "pass" fails the test.
    return { pass: true, message: () => NEGATION_MESSAGE };
  }
  const record = measured.readRecord();
  const known = record.run.objectives.find((objective) => objective.id === id);
  const refusal = known === undefined ? null : measured.whyNotServed(known);
  const refuse = (reason: string): MatcherReturnType => {
    return { pass: false, message: () => `${messageHead(id)}\n\n${reason}\n` };
  };
  if (refusal !== null) return refuse(refusal);
  const result = judgeMeasured(id, record, selectedObjectives(record.run, process.env));
  if (result.kind === 'unknown') {
    const ids = result.known.map((one) => `  ${one}`).join('\n');
    return refuse(`The budget of ${record.run.target} has no objective "${id}". It has:\n${ids}`);
  }
  if (result.kind === 'notMeasured') return refuse(`Not measured: ${plainText(result.reason)}`);
  const testInfo = test.info();
  if (result.kind === 'excused') return skip(testInfo, result.reason);
  const { objective, judgement, series, gap } = result;
  const findings = worstMeasurements(objective, series, record);
  testInfo.annotations.push(createAnnotation(result, gap, findings));
  await attachPlot(testInfo, result);
  const rerun = planRerun(testInfo, id, record.run.target);
  const compared = {
    name: 'toMeetBudget',
    expected: describeObjective(objective),
    actual: formatEstimate(objective, judgement),
  };
  if (gap?.state === 'closed') {
    return { ...compared, pass: false, message: () => closedGapMessage(result, gap, rerun) };
  }
  const tolerated = judgement.verdict === 'inconclusive' && objective.onInconclusive === 'report';
  if (judgement.verdict === 'pass' || tolerated || isAdmitted(id, gap)) {
    return { ...compared, pass: true, message: () => NEGATION_MESSAGE };
  }
  const isMiss = judgement.verdict === 'fail' && judgement.n > 0;
  const found = isMiss ? await attachEvidence(testInfo, result, record, measured) : null;
  const steps = nextSteps(objective, judgement, rerun);
  return { ...compared, pass: false, message: () => budgetMessage(result, found, findings, steps) };
}

function skip(testInfo: TestInfo, reason: string): never {
  testInfo.skip(true, `not measured: ${plainText(reason)}`);
  throw new Error('a skipped test goes on');
}

function isAdmitted(id: string, gap: ListedGap | null): boolean {
  return gap?.state === 'open' && gap.missed.includes(id);
}

const NEGATION_MESSAGE = `expect(measured).not.toMeetBudget() is not supported

A test must not require that a budget is missed. To show that a defect is found, run the spec against it and read summary.json.
`;

/** Shows the verdict, or the gap that admits the miss, at the top of the test in Playwright's report. */
function createAnnotation(
  judged: Judged,
  gap: ListedGap | null,
  [worst]: Finding[],
): TestDetailsAnnotation {
  const description = describeJudged(judged);
  if (gap === null || !isAdmitted(judged.objective.id, gap)) {
    return { type: judged.judgement.verdict.toUpperCase(), description };
  }
  const { id, release, impact } = gap;
  const example = worst === undefined ? '' : `. One of them: ${worst.result}`;
  return {
    type: 'KNOWN GAP',
    description: plainText(
      `${id}, planned for ${release}, impact ${impact}. ${description}${example}`,
    ),
  };
}

function describeJudged({ objective, judgement }: Judged): string {
  const { n, failed, verdict, reason } = judgement;
  const line = `${describeObjective(objective)}: ${formatEstimate(objective, judgement)}, n = ${n}, ${failed} failed`;
  return verdict === 'pass' ? line : `${line}; ${plainText(reason)}`;
}

async function attachPlot(testInfo: TestInfo, judged: Judged): Promise<void> {
  const svg = plotObjective(judged);
  if (svg === null) return;
  const { id, metric } = judged.objective;
  // Without ".svg" the report would take the end of the id for a file extension, and show no image.
  const name = `${id} ${metric.chart}.svg`;
  await testInfo.attach(name, { body: svg, contentType: 'image/svg+xml' });
}

/** Time to repeat a step for diagnosis, with heap snapshots, beyond the test's own time-out. */
const DIAGNOSIS_TIMEOUT_MS = 3 * 60_000;

/** Attaches the slowest request as a waterfall, and what repeating the step found. Returns the main finding, or why there is none. */
async function attachEvidence(
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
  const where = slowest === null ? null : describeSlowest(slowest);
  const foundInRecord = where === null ? null : `The slowest request ${where}.`;
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

export const expect = base.extend({ toMeetBudget });
