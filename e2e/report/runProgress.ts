import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import {
  PROGRESS_VARIABLE,
  type ProgressLine,
  progressLine,
} from '../core/environmentVariables.ts';
import { parseJson } from '../core/readJson.ts';
import { textWidth } from '../core/table.ts';
import { shortText } from '../core/terminalText.ts';

/** The progress of a run: objectives that need no more measuring, and workloads under way with their notes. */
export class RunProgress {
  readonly #objectives: ReadonlySet<string>;
  readonly #tests: number;
  readonly #measured = new Set<string>();
  readonly #notes = new Map<string, string>();
  #endedTests = 0;
  #failedTests = 0;
  #test: string | null = null;

  /** @param objectives ids of the objectives of the selected tests */
  constructor(objectives: readonly string[], tests: number) {
    this.#objectives = new Set(objectives);
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
    return this.#objectives.size === 0
      ? `${this.#endedTests} of ${this.#tests} tests`
      : `${this.#measured.size} of ${this.#objectives.size} objectives measured`;
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
    for (const id of ids) if (this.#objectives.has(id)) this.#measured.add(id);
  }
}

const READ_BYTES = 64 * 1024;

/** The temporary file in which the workers of this run report their progress. */
export class ProgressFile {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'perf-progress-'));
  readonly #file = path.join(this.#folder, 'progress.ndjson');
  readonly #buffer = Buffer.alloc(READ_BYTES);
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';

  constructor() {
    writeFileSync(this.#file, '');
    process.env[PROGRESS_VARIABLE] = this.#file;
  }

  /** The lines since the last call. */
  read(): ProgressLine[] {
    const lines = (this.#rest + this.#readText()).split('\n');
    // An incomplete line is read with its end.
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      const parsed = progressLine.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #readText(): string {
    const file = openSync(this.#file, 'r');
    try {
      let text = '';
      for (;;) {
        const bytes = readSync(file, this.#buffer, 0, READ_BYTES, this.#position);
        if (bytes === 0) return text;
        this.#position += bytes;
        text += this.#decoder.write(this.#buffer.subarray(0, bytes));
      }
    } finally {
      closeSync(file);
    }
  }
}
