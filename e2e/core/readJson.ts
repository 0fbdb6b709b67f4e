import { formatPath } from './checkInput.ts';
import { HarnessError, type HarnessErrorDetails } from './harnessError.ts';

/** The file that a JSON text comes from, with the code and the remedy of its errors. */
type JsonSource = Pick<HarnessErrorDetails, 'code' | 'remedy'> & {
  file: string;
  /** Line number in a file with one JSON text a line. */
  line?: number;
};

/**
 * Reads a JSON text that people may have written or edited, such as a budget.
 * @throws HarnessError with the code of the source, for text that is not JSON and for a key that occurs twice in one object
 */
export function readJson(text: string, { code, remedy, file, line }: JsonSource): unknown {
  // Some editors begin a file with an invisible byte order mark.
  const json = text.replace(/^\uFEFF/, '');
  const where = line === undefined ? file : `line ${line} of ${file}`;
  const value = parse();
  const repeated = findRepeatedKey(json);
  if (repeated === null) return value;
  throw new HarnessError({
    code,
    summary: `A key occurs twice in ${where}.`,
    file,
    path: formatPath(repeated.path),
    found: `the key at ${formatPosition(repeated.first)} and again at ${formatPosition(repeated.second)}`,
    expected: 'each key once, since only the last one would count',
    remedy: 'Remove one of the two.',
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

  function formatPosition({ line: at, column }: Position): string {
    return `${(line ?? 1) + at - 1}:${column}`;
  }
}

/** Counted from 1, as editors count. */
type Position = { line: number; column: number };

/** A key that occurs twice in one object; `JSON.parse` silently takes the last value. */
type RepeatedKey = { path: (string | number)[]; first: Position; second: Position };

/** An object or a list that is not closed yet. `at` is the key or the index of the current value. */
type OpenContainer =
  | { kind: 'object'; keys: Map<string, number>; at: string; expectsKey: boolean }
  | { kind: 'list'; at: number };

/** Strings (which may contain brackets), brackets and commas. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** The first key of a valid JSON text that occurs twice in one object, even if it is escaped differently; else null. */
export function findRepeatedKey(text: string): RepeatedKey | null {
  const open: OpenContainer[] = [];
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ kind: 'object', keys: new Map(), at: '', expectsKey: true });
    else if (token === '[') open.push({ kind: 'list', at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (inside?.kind === 'list') inside.at += 1;
      else if (inside !== undefined) inside.expectsKey = true;
    } else if (inside?.kind === 'object' && inside.expectsKey) {
      inside.at = String(JSON.parse(token));
      inside.expectsKey = false;
      const first = inside.keys.get(inside.at);
      if (first !== undefined) {
        return {
          path: open.map(({ at }) => at),
          first: positionAt(text, first),
          second: positionAt(text, index),
        };
      }
      inside.keys.set(inside.at, index);
    }
  }
  return null;
}

function positionAt(text: string, index: number): Position {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** The value of an untrusted text, undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
