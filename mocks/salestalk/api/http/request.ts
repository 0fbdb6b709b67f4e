import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import type { Clock } from '../clock.ts';
import { publicFailure, validationError } from './failures.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_TEXT_CHARACTERS = 10_000;
/** A caller's id that cannot harm a header, a log or a page. */
const HARMLESS_ID = /^[A-Za-z0-9._-]{1,128}$/;

export type ApiEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** When the request arrived, on the service's monotonic clock. */
    arrivedAtMs: number;
    /** The tenant of the token; set once the token has been checked. */
    tenantId: string;
  };
};

/** Gives every request its id and its time of arrival, and every answer that id. */
export function openRequest(clock: Clock): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    c.set('arrivedAtMs', clock.monotonicMs());
    const sentId = c.req.header('X-Request-Id') ?? '';
    const requestId = HARMLESS_ID.test(sentId) ? sentId : randomUUID();
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    await next();
  });
}

/** Rejects a body that is too long for any question, before it is read. */
export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw validationError(`The body is longer than ${MAX_BODY_BYTES} bytes.`);
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

/** The question in `body[field]`. @throws ApiError 400 if it is missing, not a string, blank or too long */
export function requireText(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (value === undefined || value === null) throw validationError(`"${field}" is missing.`);
  if (typeof value !== 'string') throw validationError(`"${field}" is not a string.`);
  if (value.trim() === '') throw validationError(`"${field}" is blank.`);
  if (value.length > MAX_TEXT_CHARACTERS) {
    throw validationError(`"${field}" is longer than ${MAX_TEXT_CHARACTERS} characters.`);
  }
  return value;
}

/** The session a message belongs to: the caller's, else a new one. @throws ApiError 400 if it cannot be one */
export function readSessionId(body: Record<string, unknown>): string {
  const value = body.sessionId;
  if (value === undefined || value === null) return randomUUID();
  if (typeof value === 'string' && HARMLESS_ID.test(value)) return value;
  throw validationError(
    '"sessionId" is not 1 to 128 letters, digits, dots, underscores or hyphens.',
  );
}

export function answerFailure(failure: unknown, c: Context<ApiEnv>): Response {
  // The caller has left: only the metrics see this status, which nginx introduced for the case.
  if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
  const error = publicFailure(failure);
  if (error.status === 401) c.header('WWW-Authenticate', 'Bearer');
  return c.json(error.body(c.var.requestId), error.status);
}
