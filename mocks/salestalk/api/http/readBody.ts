import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv } from './apiEnv.ts';
import { validationError } from './validationError.ts';

const maxBodyBytes = 256 * 1024;

/** Refuses a body that is far too long for any question before it is read. */
export const limitBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw validationError(`The body is longer than ${maxBodyBytes} bytes.`);
  },
});

/** The request's JSON object. @throws ApiError 400 if there is none */
export async function readBody(c: Context<ApiEnv>): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  if (text.trim() === '') throw validationError('The request has no body.');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw validationError('The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw validationError('The body is not a JSON object.');
  }
  return { ...body };
}
