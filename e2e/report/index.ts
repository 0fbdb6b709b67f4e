import path from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
} from '@playwright/test/reporter';
import { HarnessError } from '../core/harnessError.ts';
import { readVariable } from '../core/readVariable.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { REPORTER_VARIABLE, SELECTED_VARIABLE } from '../core/verdict/selectedVariable.ts';
import { secretsOfRun } from '../setup/secretsOfRun.ts';
import { describeVerdict } from './describeSummary.ts';
import { removeLeaks } from './removeLeaks.ts';
import { describeReport, writeAtomically } from './reportFiles.ts';
import { parseRunState, reportRun, runStateText } from './reportRun.ts';
import { recordInHistory } from './runHistory.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { paint, readTerminalSettings, terminalReport } from './terminalReport.ts';
import { matcherMessages } from './testFailures.ts';
import { declaredObjectives } from './testOutcomes.ts';

const PROGRESS_REPORTER = 'progressReporter.ts';

/**
 * Playwright reporter: the verdict of a run, from its record. It shows what `judgeRun` says of the objectives whose tests were selected,
 * on the terminal, in `summary.json` and in `summary.md`, and fails the run unless that is a pass. A run that selected none is left alone.
 */
export default class PerformanceReporter implements Reporter {
  static #isPresent = false;
  readonly #inheritedState = runStateText(process.env);
  /** Told by Playwright: a run, a list of tests, or the merging of reports of runs that ended long ago. */
  readonly #mode: 'test' | 'list' | 'merge';
  readonly #errors: TestError[] = [];
  #config: FullConfig | undefined;
  #tests: TestCase[] = [];
  #selected: string[] = [];
  #lastLines: string[] = [];

  constructor({ _mode = 'test' }: { _mode?: 'test' | 'list' | 'merge' } = {}) {
    // Named on the command line as well, it would give the verdict twice.
    this.#mode = PerformanceReporter.#isPresent ? 'list' : _mode;
    PerformanceReporter.#isPresent = true;
    process.env[REPORTER_VARIABLE] = String(process.pid);
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#config = config;
    if (this.#mode === 'test') interruptOnTermination();
    this.#tests = suite.allTests();
    this.#selected = [...new Set(this.#tests.flatMap(declaredObjectives))];
    process.env[SELECTED_VARIABLE] = JSON.stringify(this.#selected);
  }

  onError(error: TestError): void {
    this.#errors.push(error);
  }

  /** Comes last, when the other reporters have written theirs. */
  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
    const ended = this.#concludeOrSay(result);
    if (this.#mode !== 'test') return ended;
    const folder = path.resolve(readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report');
    const leaks = removeLeaks(folder, secretsOfRun());
    if (leaks.length === 0) return ended;
    const files = leaks.map((file) => `  ${path.join(folder, file)}`).join('\n');
    this.#lastLines = [
      `${paint('fail', 'Verdict: FAIL  (a token or another secret had got into the report)')}`,
      `These files held it and were removed:\n${files}`,
    ];
    return { status: 'failed' };
  }

  /** Prints the message of an error that ends the report; Playwright would print a stack. */
  #concludeOrSay(result: FullResult): { status: FullResult['status'] } | undefined {
    try {
      return this.#conclude(result);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      this.#print(`\n${error.message}\n`);
      this.#lastLines = [paint('fail', 'Verdict: FAIL  (the report could not be written)')];
      return { status: 'failed' };
    }
  }

  #conclude(result: FullResult): { status: FullResult['status'] } | undefined {
    if (this.#selected.length === 0 || this.#config === undefined) return undefined;
    if (this.#mode === 'list') return undefined;
    if (this.#mode === 'merge') {
      this.#lastLines = [
        'No verdict: a merged report judges nothing anew. The verdict of each run is in its summary.json.',
      ];
      return undefined;
    }
    const stateText = runStateText(process.env);
    if (stateText === undefined || stateText === this.#inheritedState) {
      return this.#endWithoutSetUp(result);
    }
    const state = parseRunState(stateText);
    const { summary, objectives, durations, isCutShort } = reportRun({
      state,
      selected: this.#selected,
      tests: this.#tests,
      errors: this.#errors,
      result,
      maxFailures: this.#config.maxFailures,
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
    this.#print(text);
    this.#lastLines = [
      `Verdict: ${paint(summary.verdict, describeVerdict(summary))}`,
      `Report: ${describeReport(state.reportDir, this.#config, process.cwd())}`,
    ];
    this.#print(addToHistory(summary, isCutShort));
    return statusOf(result, summary.verdict);
  }

  /** Comes after the other reporters' last words. */
  async onExit(): Promise<void> {
    if (this.#lastLines.length === 0) return;
    this.#print(`\n${this.#lastLines.join('\n')}\n`);
  }

  /** Where another reporter writes a file for programs to standard output, the verdict must not get into it. */
  #print(text: string): void {
    const isTaken = this.#config?.reporter.some(
      ([name, options]) => (name === 'json' || name === 'junit') && !options?.outputFile,
    );
    (isTaken === true ? process.stderr : process.stdout).write(text);
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
    this.#lastLines = [
      `Verdict: ${paint('fail', 'FAIL  (nothing was judged: the set-up of the run did not complete)')}`,
    ];
    return statusOf(result, 'fail');
  }
}

/**
 * Asked to end, Playwright would die with no verdict; interrupted, it ends the run in order. The signal comes several times where it goes to
 * the whole process group and `npm run` passes it on as well; a second interruption would end Playwright at once.
 */
function interruptOnTermination(): void {
  let isAsked = false;
  process.on('SIGTERM', () => {
    if (isAsked) return;
    isAsked = true;
    process.emit('SIGINT', 'SIGINT');
  });
}

/** Adds a run to the history that PERF_HISTORY names, if any, and tells of the runs before it. */
function addToHistory(summary: Summary, isCutShort: boolean): string {
  const file = readVariable(process.env, 'PERF_HISTORY');
  if (file === undefined) return '';
  // It would pass for a change later on.
  if (isCutShort) return '\nNot added to the history: the run was not measured to its end.\n';
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
