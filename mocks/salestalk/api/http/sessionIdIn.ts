import { randomUUID } from 'node:crypto';
import { validationError } from './validationError.ts';

const pattern = /^[A-Za-z0-9._-]{1,128}$/;

/** The session a message belongs to: the caller's, else a new one. @throws ApiError 400 if it cannot be one */
export function sessionIdIn(body: Record<string, unknown>): string {
  const value = body.sessionId;
  if (value === undefined || value === null) return randomUUID();
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw validationError(
    '"sessionId" is not 1 to 128 letters, digits, dots, underscores or hyphens.',
  );
}
