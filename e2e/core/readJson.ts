import { formatPath } from './budget/describeIssue.ts';
import { findRepeatedKey, type Position } from './findRepeatedKey.ts';
import { HarnessError, type HarnessErrorDetails } from './harnessError.ts';

/** The file that a JSON text comes from, and what to tell of it where it is wrong. */
export type JsonSource = Pick<HarnessErrorDetails, 'code' | 'remedy'> & {
  file: string;
  /** Of a file with a JSON text in each line: the number of the line. */
  line?: number;
};

/**
 * The value of a JSON text that people may have written or edited: a budget, a line of a history, a summary, a baseline.
 * @throws HarnessError with the code of the source, for text that is not JSON and for a key that stands twice in one object
 */
export function readJson(text: string, { code, remedy, file, line }: JsonSource): unknown {
  // Some editors put a byte order mark first, which nobody can see and so nobody could mend.
  const json = text.replace(/^\uFEFF/, '');
  const where = line === undefined ? file : `line ${line} of ${file}`;
  const value = parse();
  const repeated = findRepeatedKey(json);
  if (repeated === null) return value;
  throw new HarnessError({
    code,
    summary: `A key stands twice in ${where}.`,
    file,
    path: formatPath(repeated.path),
    found: `the key at ${placeOf(repeated.first)} and again at ${placeOf(repeated.second)}`,
    expected: 'each key once: of two, only the last would count',
    remedy: 'Take one of the two out.',
  });

  function parse(): unknown {
    try {
      return JSON.parse(json);
    } catch (error) {
      throw new HarnessError({
        code,
        summary: `${where.replace(/^line/, 'Line')} is not JSON.`,
        file,
        found: error instanceof Error ? error.message : String(error),
        expected: line === undefined ? 'one JSON object' : 'one JSON object in each line',
        remedy,
      });
    }
  }

  function placeOf({ line: at, column }: Position): string {
    return `${(line ?? 1) + at - 1}:${column}`;
  }
}
