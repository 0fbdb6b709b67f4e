import path from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
} from '@playwright/test/reporter';
import {
  REPORTER_VARIABLE,
  RUN_VARIABLE,
  readVariable,
  SELECTED_VARIABLE,
} from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { secretsOfRun } from '../setup/secretsOfRun.ts';
import { annotations } from './annotations.ts';
import { isCutShort } from './concludeRun.ts';
import { describeVerdict } from './describeSummary.ts';
import { findReruns } from './nextSteps.ts';
import { removeLeaks } from './removeLeaks.ts';
import { describeReport, findPlaywrightReport, writeReport } from './reportFiles.ts';
import { parseRunState, reportRun } from './reportRun.ts';
import { reportShard } from './reportShard.ts';
import { keepHistory, NO_HISTORY } from './runHistory.ts';
import { readTerminalSettings, terminalReport, verdictLine } from './terminalReport.ts';
import { matcherMessages } from './testFailures.ts';
import { declaredObjectives } from './testOutcomes.ts';

const PROGRESS_REPORTER = 'progressReporter.ts';

/** The status that the run ends with; undefined leaves Playwright's. */
type End = { status: FullResult['status'] } | undefined;

/**
 * Playwright reporter that gives the verdict of a run from its record: on the terminal and in the files of `writeReport`. It fails
 * the run unless `judgeRun` passes the objectives of the selected tests. If no selected test has an objective, it only searches the report
 * for secrets.
 */
export default class PerformanceReporter implements Reporter {
  static #isPresent = false;
  /** A nested run sees PERF_RUN of its parent until its own set-up replaces it. */
  readonly #inheritedState = process.env[RUN_VARIABLE];
  /** What Playwright does: run tests, list them, or merge earlier reports. */
  readonly #mode: 'test' | 'list' | 'merge';
  readonly #errors: TestError[] = [];
  #config: FullConfig | undefined;
  #tests: TestCase[] = [];
  #selected: string[] = [];
  #lastLines: string[] = [];

  constructor({ _mode = 'test' }: { _mode?: 'test' | 'list' | 'merge' } = {}) {
    // A second instance, from `--reporter`, must not give the verdict again.
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

  /** Playwright calls it after the other reporters have written their files. */
  async onEnd(result: FullResult): Promise<End> {
    if (this.#mode === 'list') return undefined;
    if (this.#mode === 'merge') {
      if (this.#selected.length > 0) this.#lastLines = [MERGED];
      return undefined;
    }
    const end = this.#selected.length === 0 ? undefined : await this.#concludeSafely(result);
    const folder = path.resolve(readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report');
    const leaks = removeLeaks(folder, secretsOfRun());
    if (leaks.length === 0) return end;
    const files = leaks.map((file) => `  ${path.join(folder, file)}`).join('\n');
    this.#lastLines = [
      verdictLine('fail', 'FAIL  (the report contained a token or another secret)'),
      `These files contained it and were removed:\n${files}`,
    ];
    return { status: 'failed' };
  }

  /** Prints a HarnessError as its message; Playwright would print a stack. */
  async #concludeSafely(result: FullResult): Promise<End> {
    try {
      return await this.#conclude(result);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      this.#print(`\n${error.message}\n`);
      this.#lastLines = [
        verdictLine('fail', 'FAIL  (the report or the history could not be written)'),
      ];
      return { status: 'failed' };
    }
  }

  async #conclude(result: FullResult): Promise<End> {
    const stateText = process.env[RUN_VARIABLE];
    if (stateText === undefined || stateText === this.#inheritedState) {
      const outcome = 'FAIL  (nothing was judged: the set-up of the run did not complete)';
      this.#lastLines = [verdictLine('fail', outcome)];
      return decideEnd(result, 'fail');
    }
    const state = parseRunState(stateText);
    const { shard } = state.header;
    if (shard !== undefined) {
      const { text, isComplete } = reportShard(state, shard);
      this.#lastLines = [text];
      return isComplete ? undefined : { status: 'failed' };
    }
    const { summary, record, figures, durations, isIncomplete } = reportRun({
      state,
      selected: this.#selected,
      tests: this.#tests,
      errors: this.#errors,
      result,
      maxFailures: this.#config?.maxFailures ?? 0,
    });
    const { verbose, showsDurations } = readTerminalSettings(process.env);
    const options = {
      messages: this.#messages(),
      verbose,
      ...(showsDurations ? { durations } : {}),
    };
    this.#print(terminalReport(summary, record.run.objectives, options));
    if (readVariable(process.env, 'GITHUB_ACTIONS') !== undefined) {
      this.#print(annotations(summary, record.run.objectives));
    }
    this.#lastLines = [
      verdictLine(summary.verdict, describeVerdict(summary)),
      `Report: ${describeReport(state.reportDir, this.#config, process.cwd())}`,
    ];
    const place = readVariable(process.env, 'PERF_HISTORY');
    const run = { summary, figures, tests: this.#tests };
    let history = NO_HISTORY;
    try {
      history = keepHistory(place, run, { isIncomplete });
      this.#print(history.text);
    } finally {
      // A history that cannot be used does not cost the report.
      await writeReport(state.reportDir, {
        summary,
        record,
        history,
        rerunOf: findReruns(this.#tests, record.run.target),
        playwrightReport: findPlaywrightReport(this.#config, process.cwd()),
      });
    }
    return decideEnd(result, summary.verdict);
  }

  /** Playwright calls it after the last output of the other reporters. */
  async onExit(): Promise<void> {
    if (this.#lastLines.length === 0) return;
    this.#print(`\n${this.#lastLines.join('\n')}\n`);
  }

  /** Keeps the verdict out of standard output if another reporter writes JSON or XML there. */
  #print(text: string): void {
    const stdoutIsMachineReadable = this.#config?.reporter.some(([name, options]) => {
      const variable = `PLAYWRIGHT_${name.toUpperCase()}_OUTPUT_FILE`;
      const isNamed = options?.outputFile || readVariable(process.env, variable);
      return (name === 'json' || name === 'junit') && !isNamed;
    });
    (stdoutIsMachineReadable === true ? process.stderr : process.stdout).write(text);
  }

  printsToStdio(): boolean {
    // If no reporter says that it prints, Playwright adds its own, which shows the tests.
    return false;
  }

  /** The messages of matchers: our progress reporter leaves them out, while other reporters show them. */
  #messages(): Map<string, string> {
    const isLeftOut = this.#config?.reporter.some(([name]) => name.endsWith(PROGRESS_REPORTER));
    return isLeftOut === true ? matcherMessages(this.#tests) : new Map();
  }
}

const MERGED =
  'No verdict: a merged report judges nothing. The verdict of each run is in its summary.json.';

/**
 * SIGTERM would kill Playwright without a verdict, while SIGINT lets it end the run. Only the first SIGTERM counts: `npm run` repeats the
 * signal, and a second SIGINT would end Playwright at once.
 */
function interruptOnTermination(): void {
  let isInterrupted = false;
  process.on('SIGTERM', () => {
    if (!isInterrupted) process.emit('SIGINT', 'SIGINT');
    isInterrupted = true;
  });
}

/** A run that was cut short keeps Playwright's status. Any other run fails unless its verdict is a pass. */
function decideEnd({ status }: FullResult, verdict: Summary['verdict']): End {
  return { status: verdict === 'pass' || isCutShort(status) ? status : 'failed' };
}
