import type { LoadTable } from './loadTable.ts';

/** The longest of the silences that ended within a second: no answer came, though a request was out all the time. */
export type Silence = { atMs: number; silentMs: number };

const SECOND_MS = 1000;

/**
 * For each second of a load, from its first intended start on, for how long at most nothing had been answered: from an answer, or from the intended
 * start of the earliest request that was out, to the next answer. Whatever ends a request counts as an answer: a refusal is none of silence.
 * @returns one entry for each second in which something ended; empty where nothing did
 */
export function silencesBySecond(table: LoadTable): Silence[] {
  const dueAtMs = new Float64Array(table.n);
  const endAtMs = new Float64Array(table.n);
  let n = 0;
  for (const request of table.judged()) {
    const { lateMs, serviceMs } = request;
    if (lateMs === null || serviceMs === null) continue;
    dueAtMs[n] = request.dueAtMs;
    endAtMs[n++] = request.dueAtMs + lateMs + serviceMs;
  }
  const startAtMs = dueAtMs[0] ?? 0;
  const order = Uint32Array.from({ length: n }, (_, at) => at).sort(
    (a, b) => (endAtMs[a] as number) - (endAtMs[b] as number),
  );
  // Of what ends from here on, the earliest to have been due: one that was out before the last answer was out all the time.
  const earliest = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  for (let at = n - 1; at >= 0; at--) {
    earliest[at] = Math.min(earliest[at + 1] as number, dueAtMs[order[at] as number] as number);
  }
  const bySecond = new Map<number, Silence>();
  let lastEndMs = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < n; at++) {
    const atMs = endAtMs[order[at] as number] as number;
    const silentMs = atMs - Math.max(lastEndMs, earliest[at] as number);
    const second = Math.floor((atMs - startAtMs) / SECOND_MS);
    const longest = bySecond.get(second);
    if (longest === undefined || longest.silentMs < silentMs)
      bySecond.set(second, { atMs, silentMs });
    lastEndMs = atMs;
  }
  return [...bySecond.values()];
}
