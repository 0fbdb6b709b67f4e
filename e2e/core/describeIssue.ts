import type { z } from 'zod';

/** What one thing wrong with a piece of input amounts to, in the words of an error message. */
export type DescribedIssue = { path: string; found: string; expected: string };

type Issue = z.core.$ZodIssue;

/** Says where in `input` a schema's first objection stands, what was found there and what was expected. */
export function describeIssue(issue: Issue, input: unknown): DescribedIssue {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return {
      path,
      found: `unknown key ${issue.keys.map(quote).join(', ')}`,
      expected: 'a key that the schema knows',
    };
  }
  const found = at(input, issue.path);
  return {
    path,
    found: found === undefined ? 'nothing' : short(found),
    expected: expectation(issue),
  };
}

/** `objectives → "classify.latency.p95" → belowMs`. */
export function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the top level';
  return path
    .map((part) => (/^[\w$]+$/.test(String(part)) ? String(part) : quote(String(part))))
    .join(' → ');
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_value':
      return issue.values.map((value) => quote(String(value))).join(' or ');
    default:
      return issue.message;
  }
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function quote(text: string): string {
  return `"${text}"`;
}
