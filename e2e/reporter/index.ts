import path from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
} from '@playwright/test/reporter';
import type { Summary } from '../core/verdict/runSummary.ts';
import { SELECTED_VARIABLE } from '../core/verdict/selectedVariable.ts';
import { declaredObjectives } from './declaredObjectives.ts';
import { describeVerdict } from './describeVerdict.ts';
import { describeReport } from './reportLocations.ts';
import { reportRun } from './reportRun.ts';
import { recordInHistory } from './runHistory.ts';
import { parseRunState, runStateText } from './runState.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { paint, terminalReport } from './terminalReport.ts';
import { readTerminalSettings } from './terminalSettings.ts';
import { matcherMessages } from './testFailures.ts';
import { writeAtomically } from './writeAtomically.ts';

const PROGRESS_REPORTER = 'progressReporter.ts';

/**
 * Playwright reporter: the verdict of a run, from its record. It shows what `judgeRun` says of the objectives whose tests were selected,
 * on the terminal, in `summary.json` and in `summary.md`, and fails the run unless that is a pass. A run that selected none is left alone.
 */
export default class PerformanceReporter implements Reporter {
  readonly #inheritedState = runStateText(process.env);
  readonly #errors: TestError[] = [];
  #config: FullConfig | undefined;
  #tests: TestCase[] = [];
  #selected: string[] = [];
  #lastLines: string[] = [];

  onBegin(config: FullConfig, suite: Suite): void {
    this.#config = config;
    this.#tests = suite.allTests();
    this.#selected = [...new Set(this.#tests.flatMap(declaredObjectives))];
    process.env[SELECTED_VARIABLE] = JSON.stringify(this.#selected);
  }

  onError(error: TestError): void {
    this.#errors.push(error);
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
    if (this.#selected.length === 0 || this.#config === undefined) return undefined;
    const stateText = runStateText(process.env);
    if (stateText === undefined || stateText === this.#inheritedState) {
      return this.#endWithoutSetUp(result);
    }
    const { status } = result;
    const state = parseRunState(stateText);
    const { summary, objectives, durations } = reportRun({
      state,
      selected: this.#selected,
      tests: this.#tests,
      errors: this.#errors,
      result,
    });
    writeAtomically(
      path.join(state.reportDir, 'summary.json'),
      `${JSON.stringify(summary, null, 2)}\n`,
    );
    writeAtomically(path.join(state.reportDir, 'summary.md'), summaryMarkdown(summary, objectives));
    const { verbose, showsDurations } = readTerminalSettings(process.env);
    const text = terminalReport(summary, objectives, {
      messages: this.#messages(),
      verbose,
      ...(showsDurations ? { durations } : {}),
    });
    process.stdout.write(text);
    // One that was cut short would pass for a change later on.
    if (status === 'passed' || status === 'failed') process.stdout.write(addToHistory(summary));
    this.#lastLines = [
      `Verdict: ${paint(summary.verdict, describeVerdict(summary))}`,
      `Report: ${describeReport(state.reportDir, this.#config, process.cwd())}`,
    ];
    return statusOf(result, summary.verdict);
  }

  /** Comes after the other reporters' last words. */
  async onExit(): Promise<void> {
    if (this.#lastLines.length === 0) return;
    process.stdout.write(`\n${this.#lastLines.join('\n')}\n`);
  }

  printsToStdio(): boolean {
    // So that a run with no other reporter still shows its tests.
    return false;
  }

  /** What the matchers say is shown here where our own progress leaves it out; every other reporter shows it already. */
  #messages(): Map<string, string> {
    const isLeftOut = this.#config?.reporter.some(([name]) => name.endsWith(PROGRESS_REPORTER));
    return isLeftOut === true ? matcherMessages(this.#tests) : new Map();
  }

  #endWithoutSetUp(result: FullResult): { status: FullResult['status'] } | undefined {
    const nothingRan = this.#tests.every((test) => test.results.length === 0);
    // `playwright test --list` ends here.
    if (nothingRan && result.status === 'passed' && this.#errors.length === 0) return undefined;
    this.#lastLines = [
      `Verdict: ${paint('fail', 'FAIL  (nothing was judged: the set-up of the run did not complete)')}`,
    ];
    return statusOf(result, 'fail');
  }
}

/** Adds a run to the history that PERF_HISTORY names, if any, and tells of the runs before it. */
function addToHistory(summary: Summary): string {
  const file = process.env.PERF_HISTORY;
  if (file === undefined || file === '') return '';
  const lines = recordInHistory(file, summary);
  if (lines.length === 0) return '';
  if (!readTerminalSettings(process.env).verbose) {
    return `\nEarlier runs: ${file} has what ${lines.length} of the objectives came to before; PERF_VERBOSE=1 shows it.\n`;
  }
  return `\nEarlier runs:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A run that was cut short keeps its own status; every other one fails unless its verdict is a pass. */
function statusOf(
  { status }: FullResult,
  verdict: Summary['verdict'],
): { status: FullResult['status'] } {
  const isCutShort = status === 'interrupted' || status === 'timedout';
  return { status: verdict === 'pass' || isCutShort ? status : 'failed' };
}
