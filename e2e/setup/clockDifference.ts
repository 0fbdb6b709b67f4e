import type { TimedExchange } from '../probes/httpClient.ts';

/** A `Date` header has whole seconds, and may be a second old where a server caches it. */
const RESOLUTION_MS = 2000;
const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** How far the target's clock is from ours by the `Date` of its answer, such as "3 min 20 s behind ours"; null where no difference can be told. */
export function describeClockDifference({
  headers,
  sentAtMs,
  endedMs,
}: Pick<TimedExchange, 'headers' | 'sentAtMs' | 'endedMs'>): string | null {
  const theirsMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirsMs)) return null;
  // It was written at some moment between the sending and the end.
  const aheadMs = theirsMs - (sentAtMs + endedMs);
  const behindMs = sentAtMs - theirsMs;
  if (Math.max(aheadMs, behindMs) <= RESOLUTION_MS) return null;
  return aheadMs > 0 ? `${duration(aheadMs)} ahead of ours` : `${duration(behindMs)} behind ours`;
}

/** In its two largest units. */
function duration(ms: number): string {
  const at = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const parts = UNITS.slice(at, at + 2).reduce<{ text: string[]; restMs: number }>(
    ({ text, restMs }, [unit, unitMs]) => {
      const count = Math.floor(restMs / unitMs);
      return {
        text: count === 0 ? text : [...text, `${count} ${unit}`],
        restMs: restMs - count * unitMs,
      };
    },
    { text: [], restMs: ms },
  );
  return parts.text.join(' ');
}
