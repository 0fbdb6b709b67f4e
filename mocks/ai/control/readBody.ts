import type { Context } from 'hono';
import type { z } from 'zod';
import { explainIssue } from '../explainIssue.ts';
import { problem } from './problem.ts';

const FOUND_LENGTH = 100;

/** A request's JSON body read by a schema, or the answer that says what is wrong with it. */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<{ value: z.infer<Schema> } | { refused: Response }> {
  const refuse = (message: string) => ({
    refused: problem(context, 400, 'BODY_INVALID', `${message}.`),
  });
  const text = await context.req.text();
  const body = parseJson(text);
  if (body === undefined)
    return refuse(`body: found ${JSON.stringify(text.slice(0, FOUND_LENGTH))}, expected JSON`);
  const read = schema.safeParse(body);
  return read.success ? { value: read.data } : refuse(explainIssue(read.error, body));
}

/** `undefined`, which JSON cannot say, where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
