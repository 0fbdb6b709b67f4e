import type { Summary } from '../core/verdict/runSummary.ts';

/** More than these are counted, the longest told. */
const MOST = 5;

/** `answered nothing for 4.0 s from 14:03:12.5 UTC on (24 requests were waiting), in availability`, a line for each stall of the target. */
export function stallLines({ run: { stalls } }: Pick<Summary, 'run'>): string[] {
  const shown = stalls.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MOST);
  const lines = shown
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .map(({ startedAt, durationMs, waiting, workload }) => {
      const from = startedAt.slice('2027-01-15T'.length, -'00Z'.length);
      return `answered nothing for ${(durationMs / 1000).toFixed(1)} s from ${from} UTC on (${waiting} requests were waiting), in ${workload}`;
    });
  const rest = stalls.length - shown.length;
  return rest === 0 ? lines : [...lines, `and ${rest} shorter ones`];
}
