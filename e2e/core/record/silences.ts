import type { LoadTable } from './loadTable.ts';

/** The longest of the silences that ended within a second of a load: no answer came, though a request was out all the time. */
export type Silence = {
  /** From 0. */
  second: number;
  atMs: number;
  silentMs: number;
};

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
  sortByDue(dueAtMs.subarray(0, n), endAtMs.subarray(0, n));
  const startAtMs = dueAtMs[0] ?? 0;
  const inOrder = endAtMs.slice(0, n).sort();
  // The earliest to have been due of those that have not ended: one that was out before the last answer was out all the time.
  let earliest = 0;
  const bySecond = new Map<number, Silence>();
  let lastEndMs = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < n; at++) {
    const atMs = inOrder[at] as number;
    while ((endAtMs[earliest] as number) < atMs) earliest++;
    const silentMs = atMs - Math.max(lastEndMs, dueAtMs[earliest] as number);
    const second = Math.floor((atMs - startAtMs) / SECOND_MS);
    const longest = bySecond.get(second);
    if (longest === undefined || longest.silentMs < silentMs)
      bySecond.set(second, { second, atMs, silentMs });
    lastEndMs = atMs;
  }
  return [...bySecond.values()];
}

/** As they are recorded requests are in this order already, but for loads of one name that were joined. */
function sortByDue(dueAtMs: Float64Array, endAtMs: Float64Array): void {
  if (dueAtMs.every((due, at) => at === 0 || due >= (dueAtMs[at - 1] as number))) return;
  const order = Uint32Array.from(dueAtMs, (_, at) => at).sort(
    (a, b) => (dueAtMs[a] as number) - (dueAtMs[b] as number),
  );
  for (const values of [dueAtMs, endAtMs]) {
    values.set(Float64Array.from(order, (at) => values[at] as number));
  }
}
