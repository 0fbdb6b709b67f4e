import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from './serverProcess.ts';

const FOUND_LENGTH = 100;

/** The first thing wrong with an input: where in it, what was expected, what was found. One sentence without its full stop. */
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
 * Reads command-line options by a schema that has their names as keys: one that admits `true` takes no value, and one that
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
    const [message = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw invalidOption(code, message);
  }
  const read = schema.safeParse(given);
  if (!read.success) throw invalidOption(code, `--${explainIssue(read.error, given)}`);
  return read.data;
}

function invalidOption(code: string, problem: string): StartError {
  return new StartError(code, `${problem}. --help lists the options.`);
}

/** A whole number between two others, as an option's value. */
export function wholeNumber(min: number, max: number) {
  const expected = `expected ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.int().min(min, expected).max(max, expected));
}
