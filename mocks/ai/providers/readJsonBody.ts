import { Buffer } from 'node:buffer';
import type { z } from 'zod';
import { explainIssue } from '../explainIssue.ts';

/** A request's body read by a schema, with its size, or what is wrong with it, for the client. */
export async function readJsonBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<{ value: z.infer<Schema>; sizeBytes: number } | { problem: string }> {
  const text = await request.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { problem: 'the body is not JSON' };
  }
  const read = schema.safeParse(body);
  if (read.success) return { value: read.data, sizeBytes: Buffer.byteLength(text) };
  return { problem: explainIssue(read.error, body) };
}
