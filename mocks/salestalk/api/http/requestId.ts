import { randomUUID } from 'node:crypto';

const harmless = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id where it cannot harm a header, a log or a page; else a new UUID. */
export function requestIdFor(callers: string | undefined): string {
  return callers !== undefined && harmless.test(callers) ? callers : randomUUID();
}
