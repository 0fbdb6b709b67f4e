import type { z } from 'zod';

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
  const found = JSON.stringify(valueAt(input, issue.path)) ?? 'nothing';
  return `${path || 'body'}: ${issue.message}; found ${found.slice(0, FOUND_LENGTH)}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );
}
