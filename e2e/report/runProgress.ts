import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  PROGRESS_VARIABLE,
  type ProgressLine,
  progressLine,
} from '../core/environmentVariables.ts';
import { parseJson } from '../core/readJson.ts';
import { textWidth } from '../core/table.ts';
import { shortText } from '../core/terminalText.ts';

/** The progress of a run: objectives that need no more measuring, and running workloads with their notes. */
export class RunProgress {
  readonly #objectives: readonly string[];
  readonly #tests: number;
  readonly #measured = new Set<string>();
  readonly #notes = new Map<string, string>();
  #endedTests = 0;
  #failedTests = 0;
  #test: string | null = null;

  /** @param objectives ids of the objectives of the selected tests */
  constructor(objectives: readonly string[], tests: number) {
    this.#objectives = objectives;
    this.#tests = tests;
  }

  takeLine({ workload, state, clear, note }: ProgressLine): void {
    if (state === 'ended') this.#notes.delete(workload);
    else this.#notes.set(workload, note);
    this.#addMeasured(clear);
  }

  beginTest(title: string): void {
    this.#test = title;
  }

  endTest(objectives: readonly string[], hasFailed: boolean): void {
    this.#endedTests += 1;
    if (hasFailed) this.#failedTests += 1;
    this.#test = null;
    this.#addMeasured(objectives);
  }

  /** A dead worker cannot report the end of its workloads. */
  loseWorker(): void {
    this.#notes.clear();
  }

  /** `  1:40  23 of 63 objectives measured  availability: api.availability: n = 422, about 2,866 more to pass` */
  describe(elapsedMs: number, columns: number): string {
    const seconds = Math.floor(elapsedMs / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const failed = this.#failedTests === 0 ? '' : `, ${this.#failedTests} failed`;
    const head = `${time.padStart(6)}  ${this.#count()}${failed}  `;
    const left = columns - textWidth(head);
    return left < 1 ? head.slice(0, columns) : head + shortText(this.#now(), left);
  }

  #count(): string {
    return this.#objectives.length === 0
      ? `${this.#endedTests} of ${this.#tests} tests`
      : `${this.#measured.size} of ${this.#objectives.length} objectives measured`;
  }

  #now(): string {
    const notes = [...this.#notes];
    const [first] = notes;
    if (first === undefined) return this.#test ?? '';
    const [workload, note] = first;
    if (notes.length === 1) return note === '' ? workload : `${workload}: ${note}`;
    return `${notes.length} workloads: ${notes.map(([name]) => name).join(', ')}`;
  }

  #addMeasured(ids: readonly string[]): void {
    for (const id of ids) if (this.#objectives.includes(id)) this.#measured.add(id);
  }
}

/** The temporary file in which the workers of this run report their progress. */
export class ProgressFile {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'perf-progress-'));
  readonly #file = path.join(this.#folder, 'progress.ndjson');
  #linesRead = 0;

  constructor() {
    writeFileSync(this.#file, '');
    process.env[PROGRESS_VARIABLE] = this.#file;
  }

  /** The lines since the last call. It reads the whole file, which grows by only a line every few seconds. */
  read(): ProgressLine[] {
    // The last part is empty, or a line that is still being written.
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(this.#linesRead, -1);
    this.#linesRead += lines.length;
    return lines.flatMap((line) => progressLine.safeParse(parseJson(line)).data ?? []);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
