import { z } from 'zod';
import { checkInput } from '../core/checkInput.ts';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
import { parseJson, readJson } from '../core/readJson.ts';
import { environmentSchema } from '../core/record/runEnvironment.ts';
import { verdictName } from '../core/statistics/verdict.ts';
import { judgementSchema } from '../core/verdict/judgement.ts';
import { figureSchema } from '../metrics/figures.ts';

const { id, unit, objective: limit, estimate, interval, n, verdict } = judgementSchema.shape;
const objective = { id, unit, objective: limit, estimate, interval, n, verdict };

const run = {
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  commit: z.string().nullable(),
  target: z.string(),
  verdict: verdictName,
};

export const HISTORY_VERSION = 2;

/**
 * One run in a history: a line of JSON, small enough to keep for years. It holds sufficient statistics, not measurements:
 * - availability over many runs needs `n` and `bad` of each, which add up;
 * - a trend or a baseline takes the run as its unit, so one figure a run says all, if the environment is the same;
 * - a flake is a difference between executions of a test at one commit, so their outcomes say all.
 */
const historyEntry = z.strictObject({
  schemaVersion: z.literal(HISTORY_VERSION),
  ...run,
  /** Null: unknown, so that the run can be compared with no other. */
  environment: environmentSchema.nullable(),
  objectives: z.array(
    z
      .strictObject({
        ...objective,
        /** Bad events among the n; null: unknown, as of a maximum in a line of version 1. */
        bad: z.int().nonnegative().nullable(),
      })
      .refine(({ n, bad }) => bad === null || bad <= n, { path: ['bad'], error: 'at most n' }),
  ),
  figures: z.array(figureSchema),
  /** Tests that ran. A test that ran several times stands here as often. */
  executions: z.array(
    z.strictObject({
      /** File and titles, the same in every run: `perf/latencyBaseline.spec.ts › Latency baseline › …`. */
      test: z.string(),
      outcome: z.enum(['passed', 'failed']),
    }),
  ),
});

export type HistoryEntry = z.infer<typeof historyEntry>;

const version1 = z.strictObject({
  schemaVersion: z.literal(1),
  ...run,
  objectives: z.array(z.strictObject(objective)),
});

function upgrade({ objectives, ...rest }: z.infer<typeof version1>): HistoryEntry {
  return {
    ...rest,
    schemaVersion: HISTORY_VERSION,
    environment: null,
    objectives: objectives.map((one) => {
      const { unit, estimate, n } = one;
      // An estimated share is 1 − bad / n.
      return {
        ...one,
        bad: unit === 'share' && estimate !== null ? Math.round(n * (1 - estimate)) : null,
      };
    }),
    figures: [],
    executions: [],
  };
}

/** One line, without a line feed. @throws ZodError for an impossible run */
export function formatEntry(entry: HistoryEntry): string {
  return JSON.stringify(historyEntry.parse(entry));
}

const BEGINNING = '{"schemaVersion":';

/** Whether a line is the beginning of a run, whose end is missing. */
export function isTornEntry(line: string): boolean {
  const isBeginning = line !== '' && line.startsWith(BEGINNING.slice(0, line.length));
  return isBeginning && parseJson(line) === undefined && findFault(line) === undefined;
}

/** Without the beginning of a run that was ended just before another one added this line. */
export function dropTornBeginning(line: string): string {
  const at = line.lastIndexOf(BEGINNING);
  return at > 0 && isTornEntry(line.slice(0, at)) ? line.slice(at) : line;
}

const REMEDY = 'Correct or remove the line. The file was not changed.';

/** Reads a line of a history, of this version or version 1. @throws HarnessError HISTORY_INVALID, which names the line */
export function parseEntry(line: string, file: string, lineNumber: number): HistoryEntry {
  const invalidLine = (place: string, found: string, expected: string): HarnessErrorDetails => ({
    code: 'HISTORY_INVALID',
    summary: `${file} has a line that is not a run.`,
    file,
    path: `line ${lineNumber}${place}`,
    found,
    expected,
    remedy: REMEDY,
  });
  // The first character of the file may be a byte order mark.
  const afterMark = line.slice(lineNumber === 1 ? 1 : 0);
  const fault = findFault(afterMark);
  if (fault !== undefined) throw new HarnessError(invalidLine('', fault.found, fault.expected));
  const input = readJson(line, { file, line: lineNumber, code: 'HISTORY_INVALID', remedy: REMEDY });
  const check = <T>(schema: z.ZodType<T>): T =>
    checkInput(input, schema, ({ path: place, found, expected }) =>
      invalidLine(` → ${place}`, found, expected),
    );
  const version = z.object({ schemaVersion: z.int() }).safeParse(input).data?.schemaVersion ?? 0;
  if (version > HISTORY_VERSION) {
    throw new HarnessError({
      ...invalidLine(' → schemaVersion', String(version), `at most ${HISTORY_VERSION}`),
      summary: `${file} has a run that a newer version of the harness wrote.`,
      remedy: 'Use that version, or another file. The file was not changed.',
    });
  }
  return version === 1 ? upgrade(check(version1)) : check(historyEntry);
}

function findFault(line: string) {
  return INVISIBLE_FAULTS.find(({ sign }) => sign.test(line));
}

/** Mistakes that editors do not show. A line may end with CR LF, and the file may begin with a byte order mark. */
const INVISIBLE_FAULTS = [
  {
    sign: /\uFEFF/,
    found: 'a byte order mark (U+FEFF) inside the file, as where two files were joined',
    expected: 'none but at the very beginning',
  },
  {
    sign: /\r(?!$)/,
    found: 'a carriage return (CR) inside the line, where a line feed (LF) is missing',
    expected: 'lines that end with LF or CR LF',
  },
  {
    sign: /\}\s*\{"schemaVersion"/,
    found: 'two runs on one line',
    expected: 'a line break between them',
  },
];
