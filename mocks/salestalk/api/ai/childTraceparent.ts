import { randomBytes } from 'node:crypto';

const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The `traceparent` of a call made on behalf of another (W3C Trace Context, version 00): same trace, new parent.
 * Null when the caller sent none or a broken one; SalesTalk starts no traces of its own.
 */
export function childTraceparent(callers: string | null): string | null {
  const [, traceId, flags] = traceparent.exec(callers ?? '') ?? [];
  if (traceId === undefined || flags === undefined) return null;
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
}
