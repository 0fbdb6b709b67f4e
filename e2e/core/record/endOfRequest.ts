import type { RequestLine } from './recordLine.ts';

/** When a request was over, in ms since the epoch: its answer was whole, it failed, or its caller left. */
export function endOfRequest({
  sentAtMs,
  values,
}: Pick<RequestLine, 'sentAtMs' | 'values'>): number {
  const { endedMs, leftMs, totalMs, latencyMs } = values;
  return sentAtMs + (endedMs ?? leftMs ?? totalMs ?? latencyMs ?? 0);
}
