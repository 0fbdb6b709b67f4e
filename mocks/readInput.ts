import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from './serverProcess.ts';

const FOUND_LENGTH = 100;

/** The first problem of an input: its place, what was expected, what was found. One sentence without its full stop. */
export function explainIssue(error: z.ZodError, input: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'body: not valid';
  const path = issue.path.reduce<string>(
    (before, part) =>
      typeof part === 'number' ? `${before}[${part}]` : `${before}${before && '.'}${String(part)}`,
    '',
  );
  const value = issue.path.reduce<unknown>((whole, key) => Object(whole)[key], input);
  const found = JSON.stringify(value) ?? 'nothing';
  return `${path || 'body'}: ${issue.message}; found ${found.slice(0, FOUND_LENGTH)}`;
}

/** A request's JSON body read by a schema, or what is wrong with it, for the client. */
export async function readJsonBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<{ value: z.infer<Schema> } | { problem: string }> {
  const text = await request.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { problem: `body: found ${JSON.stringify(text.slice(0, FOUND_LENGTH))}, expected JSON` };
  }
  const read = schema.safeParse(body);
  return read.success ? { value: read.data } : { problem: explainIssue(read.error, body) };
}

/**
 * Reads command-line options by a schema whose keys are their names. An option that admits `true` takes no value; one that
 * admits a list may be given several times. @throws StartError of this code, naming the option
 */
export function readOptions<Schema extends z.ZodObject>(
  args: readonly string[],
  schema: Schema,
  code: string,
): z.infer<Schema> {
  const options = Object.entries<z.ZodType>(schema.shape).map(([name, option]) => {
    const type = option.safeParse(true).success ? ('boolean' as const) : ('string' as const);
    return [name, { type, multiple: option.safeParse([]).success }] as const;
  });
  let given: unknown;
  try {
    given = parseArgs({ args: [...args], options: Object.fromEntries(options) }).values;
  } catch (error) {
    const [firstSentence = ''] = (error as Error).message.split('. ');
    throw invalidOption(code, firstSentence);
  }
  const read = schema.safeParse(given);
  if (!read.success) throw invalidOption(code, `--${explainIssue(read.error, given)}`);
  return read.data;
}

/** @param problem a sentence without its full stop */
export function invalidOption(code: string, problem: string): StartError {
  return new StartError(code, `${problem}. --help lists the options.`);
}

/** The value of an option: a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  const expected = `expected ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min, expected).max(max, expected));
}
