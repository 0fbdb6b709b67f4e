import type { Load } from './loadSchema.ts';

/** For the last answers of a load, which may take 30 s, and for the preparation of the next load. */
const PAUSE_SECONDS = 40;

/**
 * When the shards of a run begin each load, one after the other: all at the same moment, without a word between them.
 * @returns in ms since the epoch; `endMs`: when the last answer of the last load has come
 */
export function planLoadStarts(
  names: readonly string[],
  loads: Readonly<Record<string, Load | undefined>>,
  startAtMs: number,
): { startsMs: Map<string, number>; endMs: number } {
  const startsMs = new Map<string, number>();
  let endMs = startAtMs;
  for (const name of names) {
    const { warmUpSeconds = 0, durationSeconds = 0 } = loads[name] ?? {};
    startsMs.set(name, endMs);
    endMs += (warmUpSeconds + durationSeconds + PAUSE_SECONDS) * 1000;
  }
  return { startsMs, endMs };
}
