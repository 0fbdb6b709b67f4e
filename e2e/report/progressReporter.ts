import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { plainText } from '../core/terminalText.ts';
import { counted } from './describeSummary.ts';
import { ProgressFile, RunProgress } from './runProgress.ts';
import {
  describeError,
  describeFailures,
  findMissedObjective,
  lastErrors,
  safeLines,
} from './testFailures.ts';
import { declaredObjectives } from './testOutcomes.ts';

const READ_EVERY_MS = 1_000;
/** If there is no terminal to draw on. */
const LINE_EVERY_MS = 10_000;
/** Fits every log. */
const MAX_COLUMNS = 120;
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Playwright reporter that shows progress: one changing line on a terminal, a line every ten seconds elsewhere, and a line for each test
 * of a run that measures nothing. At the end it shows the failures that no objective explains; `index.ts` gives the verdict.
 */
export default class ProgressReporter implements Reporter {
  readonly #isTerminal = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  readonly #isListing: boolean;
  readonly #startedAtMs = performance.now();
  #progress = new RunProgress([], 0);
  #file: ProgressFile | undefined;
  #objectives: string[] = [];
  #tests: TestCase[] = [];
  #timer: NodeJS.Timeout | undefined;
  #shownAtMs = performance.now();
  #worker: number | null = null;
  #isDrawn = false;
  /** The last output of a test did not end its line. */
  #isLineOpen = false;

  /** `_mode` is the only sign that Playwright lists tests; it prints the list itself. */
  constructor(options: { _mode?: string } = {}) {
    this.#isListing = options._mode === 'list';
  }

  printsToStdio(): boolean {
    return !this.#isListing;
  }

  onBegin(_: FullConfig, suite: Suite): void {
    if (this.#isListing) return;
    this.#tests = suite.allTests();
    this.#objectives = [...new Set(this.#tests.flatMap(declaredObjectives))];
    this.#progress = new RunProgress(this.#objectives, this.#tests.length);
    this.#file = new ProgressFile();
    this.#timer = setInterval(() => this.#tick(), READ_EVERY_MS);
    this.#timer.unref();
    const tests = counted(this.#tests.length, 'test');
    const measures = `Measuring ${counted(this.#objectives.length, 'objective')} with ${tests}`;
    this.#write(`${this.#measures() ? measures : `Running ${tests}`}\n`);
  }

  onTestBegin(test: TestCase, { workerIndex }: TestResult): void {
    if (this.#worker !== null && this.#worker !== workerIndex) this.#progress.loseWorker();
    this.#worker = workerIndex;
    this.#progress.beginTest(plainText(test.title));
    this.#tick();
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#progress.endTest(declaredObjectives(test), test.outcome() === 'unexpected');
    // Of a run that measures, the report at the end shows each objective.
    if (!this.#measures()) this.#write(`${describeTest(test, result)}\n`);
  }

  onStdOut(chunk: string | Buffer): void {
    this.#passOn(chunk, process.stdout);
  }

  onStdErr(chunk: string | Buffer): void {
    this.#passOn(chunk, process.stderr);
  }

  onError(error: TestError): void {
    if (!this.#isListing) this.#write(`${describeError(error, process.cwd())}\n`);
  }

  async onEnd({ duration }: FullResult): Promise<void> {
    clearInterval(this.#timer);
    this.#file?.remove();
    if (this.#isListing || this.#tests.length === 0) return;
    const failed = this.#tests.filter((test) => test.outcome() === 'unexpected');
    const failures = failed.flatMap((test) => {
      const errors = lastErrors(test);
      const unexpected = errors.filter((error) => !this.#isShownByVerdict(test, error));
      return unexpected.length === 0 && errors.length > 0 ? [] : [{ test, errors: unexpected }];
    });
    if (failures.length > 0) this.#write(`${describeFailures(failures, process.cwd())}\n`);
    this.#write(`${describeCounts(this.#tests)} in ${(duration / 1000).toFixed(0)} s\n`);
  }

  /** The report of the verdict shows a matcher's message if its test declares the objective. */
  #isShownByVerdict(test: TestCase, error: TestError): boolean {
    const id = findMissedObjective(error);
    return id !== null && this.#measures() && declaredObjectives(test).includes(id);
  }

  #measures(): boolean {
    return this.#objectives.length > 0;
  }

  #tick(): void {
    for (const line of this.#file?.read() ?? []) this.#progress.takeLine(line);
    if (this.#isTerminal) {
      this.#draw();
      return;
    }
    if (!this.#measures() || performance.now() - this.#shownAtMs < LINE_EVERY_MS) return;
    this.#shownAtMs += LINE_EVERY_MS;
    process.stdout.write(`${this.#describe(MAX_COLUMNS)}\n`);
  }

  #draw(): void {
    if (this.#isLineOpen) return;
    // A full line would make the terminal start another one.
    const columns = Math.min(MAX_COLUMNS, (process.stdout.columns ?? 80) - 1);
    process.stdout.write(CLEAR_LINE + this.#describe(columns));
    this.#isDrawn = true;
  }

  #describe(columns: number): string {
    return this.#progress.describe(performance.now() - this.#startedAtMs, columns).trimEnd();
  }

  #write(text: string): void {
    this.#erase();
    process.stdout.write(text);
  }

  #passOn(chunk: string | Buffer, stream: NodeJS.WriteStream): void {
    this.#erase();
    stream.write(chunk);
    this.#isLineOpen = !chunk.toString().endsWith('\n');
  }

  #erase(): void {
    if (this.#isDrawn) process.stdout.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}

function describeTest(test: TestCase, { status, duration }: TestResult): string {
  const mark = status === 'skipped' ? '-' : status === test.expectedStatus ? '✓' : '✗';
  const [, , , ...titles] = test.titlePath();
  return `  ${mark} ${safeLines(titles.join(' › ')).replaceAll('\n', ' ')} (${(duration / 1000).toFixed(1)} s)`;
}

/** `64 tests passed, 1 failed, 2 skipped, 3 not run` */
function describeCounts(tests: readonly TestCase[]): string {
  const ran = tests.filter(({ results }) => results.length > 0);
  const count = (outcome: ReturnType<TestCase['outcome']>) =>
    ran.filter((test) => test.outcome() === outcome).length;
  const counts: [number, string][] = [
    [count('unexpected'), 'failed'],
    [count('flaky'), 'passed at a second try'],
    [count('skipped'), 'skipped'],
    [tests.length - ran.length, 'not run'],
  ];
  return [
    `${counted(count('expected'), 'test')} passed`,
    ...counts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`),
  ].join(', ');
}
