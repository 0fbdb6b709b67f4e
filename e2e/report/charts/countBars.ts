/** Bars drawn at most. */
const MOST_BARS = 12;
/** Of them at most this many within the objective, so that what is beyond it has room. */
const MOST_WITHIN = 8;

/** How many requests came to a count, or to one of a few counts in a row. */
export type CountBar = { label: string; requests: number; beyond: boolean };

/**
 * Sorts counts into bars of one width. The objective is the end of a bar, so that none is partly beyond; the last one takes whatever is
 * greater, and says so.
 */
export function countBars(counts: number[], objective: number): CountBar[] {
  const greatest = counts.reduce((a, b) => Math.max(a, b), 0);
  const width = Math.ceil((objective + 1) / MOST_WITHIN);
  const within = Math.ceil((objective + 1) / width);
  const needed = within + Math.max(0, Math.ceil((greatest - objective) / width));
  const total = Math.min(needed, MOST_BARS);
  return Array.from({ length: total }, (_, at) => {
    const last = objective + (at + 1 - within) * width;
    const first = Math.max(0, last - width + 1);
    const takesRest = at === total - 1 && needed > total;
    const requests = counts.filter(
      (count) => count >= first && (takesRest || count <= last),
    ).length;
    const range = first === last ? String(first) : `${first}–${last}`;
    return { label: takesRest ? `${first} or more` : range, requests, beyond: last > objective };
  });
}
