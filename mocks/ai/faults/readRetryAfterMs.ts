const MS_A_SECOND = 1000;

/** How long a Retry-After header, in either form, asks to wait from `atMs` since the epoch on, in milliseconds. */
export function readRetryAfterMs(header: string, atMs: number): number {
  if (/^\d+$/.test(header)) return Number(header) * MS_A_SECOND;
  return Math.max(0, Date.parse(header) - atMs);
}
