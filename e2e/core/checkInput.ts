import { z } from 'zod';
import { HarnessError, type HarnessErrorDetails } from './harnessError.ts';

/** What is wrong with an input, in the words of an error message. */
type DescribedIssue = { path: string; found: string; expected: string };

type Issue = z.core.$ZodIssue;

/**
 * Checks an input by a schema, and gives it back with defaults filled in.
 * @param errorOf makes the error for the first issue; `more` is the number of further ones
 * @throws HarnessError for the first issue, or for the misspelt key that it comes from
 */
export function checkInput<T>(
  input: unknown,
  schema: z.ZodType<T>,
  errorOf: (described: DescribedIssue, issue: Issue, more: number) => HarnessErrorDetails,
): T {
  const { data, error } = schema.safeParse(input);
  if (error === undefined) return data as T;
  const [first, ...others] = error.issues as [Issue, ...Issue[]];
  // zod reports a misspelt key twice: as missing, and as unknown. Only the second names what was written.
  const parent = parentPath(first);
  const unknown = others.find(
    ({ code, path }) => code === 'unrecognized_keys' && formatPath(path) === parent,
  );
  const isMissing = (one: Issue): boolean =>
    valueAt(input, one.path) === undefined && parentPath(one) === parent;
  const isMisspelt = unknown !== undefined && isMissing(first);
  const issue = isMisspelt ? unknown : first;
  const further = isMisspelt ? others.filter((one) => one !== unknown && !isMissing(one)) : others;
  throw new HarnessError(errorOf(describeIssue(issue, input, schema), issue, further.length));
}

/** The path of the object that the key of an issue belongs to. */
function parentPath({ path }: Issue): string {
  return formatPath(path.slice(0, -1));
}

/** Describes an issue for readers who do not know zod. */
export function describeIssue(issue: Issue, input: unknown, schema: z.ZodType): DescribedIssue {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return {
      path,
      found: `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map(quote).join(', ')}`,
      expected: known === null ? 'no such key' : `no keys but ${known.join(', ')}`,
    };
  }
  const found = valueAt(input, issue.path);
  return {
    path,
    found: found === undefined ? 'nothing' : formatFound(found),
    expected: describeExpected(issue),
  };
}

/** `objectives → "classify.latency.p95" → belowMs`. */
export function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the top level';
  return path
    .map((part) => (/^[\w$]+$/.test(String(part)) ? String(part) : quote(String(part))))
    .join(' → ');
}

/** Names of types for readers who do not know JavaScript. */
const TYPE_NAMES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function describeExpected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${formatAmount(issue.minimum, issue.origin)}`;
    case 'too_big':
      // The schema may have a message of its own.
      if (!issue.message.startsWith('Too big')) return issue.message;
      return `${issue.inclusive ? 'at most' : 'less than'} ${formatAmount(issue.maximum, issue.origin)}`;
    case 'invalid_value':
      if (issue.values.length === 0) return 'nothing, since no value is allowed here';
      return issue.values
        .map((value) => (typeof value === 'string' ? quote(value) : String(value)))
        .join(' or ');
    case 'invalid_format':
      // A message of the schema's own; those of zod begin with "Invalid".
      return issue.message.startsWith('Invalid') ? formatName(issue) : issue.message;
    default:
      return issue.message;
  }
}

function formatName({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  return format === 'regex' && pattern !== undefined
    ? `text that matches ${pattern}`
    : `a ${format}`;
}

/** `5 characters`, `2 entries`, or the number alone. */
function formatAmount(limit: number | bigint, origin: string): string {
  const counted = { string: ['character', 'characters'], array: ['entry', 'entries'] }[origin];
  if (counted === undefined) return String(limit);
  return `${limit} ${counted[Number(limit) === 1 ? 0 : 1]}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );
}

function formatFound(value: unknown): string {
  // JSON has neither NaN nor Infinity.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** The keys that a schema accepts at a path of its input; null if it expects no object with fixed keys there. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] | null {
  const end = path.reduce<unknown>((at, key) => childSchema(unwrapSchema(at), key), schema);
  const object = unwrapSchema(end);
  if (object instanceof z.ZodObject) return Object.keys(object.shape);
  const name: unknown = object instanceof z.ZodRecord ? object.keyType : undefined;
  return name instanceof z.ZodEnum ? name.options.map(String) : null;
}

function childSchema(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  return undefined;
}

/** The schema inside `optional`, `nullable`, `default` and `prefault`. */
function unwrapSchema(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? unwrapSchema(schema.unwrap()) : schema;
}
