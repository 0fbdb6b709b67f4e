import path from 'node:path';
import {
  type ExpectMatcherState,
  type MatcherReturnType,
  type TestInfo,
  test,
} from '@playwright/test';
import { type Judged, plotObjective } from '../charts/plotObjective.ts';
import { METRICS } from '../core/budget/metrics.ts';
import { describeObjective } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { formatEstimate } from '../core/verdict/formatEstimate.ts';
import { budgetMessage, messageHead } from './budgetMessage.ts';
import { judgeMeasured } from './judgeMeasured.ts';
import { nextSteps } from './nextSteps.ts';
import { selectedObjectives } from './selectedObjectives.ts';
import { worstMeasurements } from './worstMeasurements.ts';

/** What can be held to a budget: anything that reads the record of the run. */
export type Measured = { readRecord(): RunRecord };

/**
 * Holds what was measured to one objective of the budget. Met: the test passes. Missed: it fails. Not established either way: it fails,
 * unless the objective is only to be reported when inconclusive. The verdict and its plot are put on the test in every case.
 * @param id of the objective, `<operation>.<metric>.<statistic>`
 */
export async function toMeetBudget(
  this: ExpectMatcherState,
  measured: Measured,
  id: string,
): Promise<MatcherReturnType> {
  if (this.isNot) {
    // With .not, "pass" is what fails.
    return { pass: true, message: () => NOT_REFUSED };
  }
  const record = measured.readRecord();
  const result = judgeMeasured(id, record, selectedObjectives(record.run, process.env));
  if (result.kind === 'unknown') {
    return { pass: false, message: () => refusal(id, unknownId(id, record, result.known)) };
  }
  if (result.kind === 'notMeasured') {
    return { pass: false, message: () => refusal(id, `Not measured: ${plainText(result.reason)}`) };
  }
  const testInfo = test.info();
  const { objective, judgement, series } = result;
  testInfo.annotations.push({
    type: judgement.verdict.toUpperCase(),
    description: describeJudged(result),
  });
  await attachPlot(testInfo, result);
  const tolerated = judgement.verdict === 'inconclusive' && objective.onInconclusive === 'report';
  return {
    name: 'toMeetBudget',
    pass: judgement.verdict === 'pass' || tolerated,
    expected: describeObjective(objective),
    actual: formatEstimate(objective, judgement),
    message: () =>
      budgetMessage(
        result,
        worstMeasurements(objective, series, record),
        nextSteps(objective, judgement, rerunOf(testInfo, id, record)),
      ),
  };
}

const NOT_REFUSED = `expect(measured).not.toMeetBudget() is refused

Missing a budget is never an aim. To show that a defect is found, run the spec against it and read summary.json.
`;

function refusal(id: string, reason: string): string {
  return `${messageHead(id)}\n\n${reason}\n`;
}

function unknownId(id: string, { run }: RunRecord, known: string[]): string {
  return `The budget of ${run.target} has no objective "${id}". It has:\n${known.map((one) => `  ${one}`).join('\n')}`;
}

/** One line for the head of the test in Playwright's report. */
function describeJudged({ objective, judgement }: Judged): string {
  const { n, failed, verdict, reason } = judgement;
  const line = `${describeObjective(objective)}: ${formatEstimate(objective, judgement)}, n = ${n}, ${failed} failed`;
  return verdict === 'pass' ? line : `${line}; ${plainText(reason)}`;
}

const PLOT_NAMES = { quantile: 'ECDF', share: 'share so far', count: 'counts' };

async function attachPlot(testInfo: TestInfo, judged: Judged): Promise<void> {
  const svg = plotObjective(judged);
  if (svg === null) return;
  const { id, metric } = judged.objective;
  // Without it the report takes what follows the last dot of the id for the file's type, and shows no image.
  const name = `${id} ${PLOT_NAMES[METRICS[metric].kind]}.svg`;
  await testInfo.attach(name, { body: svg, contentType: 'image/svg+xml' });
}

function rerunOf(testInfo: TestInfo, id: string, { run }: RunRecord) {
  const { file, line, title, project } = testInfo;
  const which = title.includes(id)
    ? `--grep "${id}"`
    : `${path.relative(process.cwd(), file)}:${line}`;
  return {
    target: run.target,
    command: `npx playwright test --project=${project.name} ${which}`,
  };
}
