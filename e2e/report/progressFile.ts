import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parseJson } from '../core/parseJson.ts';
import { PROGRESS_VARIABLE, type ProgressLine, progressLine } from '../core/progressLine.ts';

const READ_BYTES = 64 * 1024;

/** The file in which the workers of this run say how far they are, for as long as the run lasts. */
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

  /** The lines that were written since the last time. */
  read(): ProgressLine[] {
    const lines = (this.#rest + this.#readText()).split('\n');
    // What has no end yet is read with its end.
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
