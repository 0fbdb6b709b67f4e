const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: whole seconds or an HTTP date (RFC 9110, 10.2.3).
 * A date that is past means no wait; null when the header is absent or means nothing.
 */
export function retryAfterMs(header: string | null, nowEpochMs: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const atEpochMs = httpDate.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atEpochMs) ? null : Math.max(0, atEpochMs - nowEpochMs);
}
