import type { Buffer } from 'node:buffer';
import type { z } from 'zod';
import { explainIssue } from '../explainIssue.ts';

/** A request's body read by a schema, or what is wrong with it, for the client. */
export function readJsonBody<Schema extends z.ZodType>(
  bytes: Buffer,
  schema: Schema,
): { value: z.infer<Schema> } | { problem: string } {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    return { problem: 'the body is not JSON' };
  }
  const read = schema.safeParse(body);
  return read.success ? { value: read.data } : { problem: explainIssue(read.error, body) };
}
