/** The point in [low, high] where a condition turns from true to false; at `tolerance` 0, to adjacent floating-point numbers. */
export function bisect(
  low: number,
  high: number,
  holds: (at: number) => boolean,
  tolerance = 0,
): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = (from + to) / 2;
    if (to - from <= tolerance || middle <= from || middle >= to) return middle;
    if (holds(middle)) from = middle;
    else to = middle;
  }
}

/** The first whole number from `from` on for which a condition holds, if it holds for all that follow. Null beyond about `max`. */
export function firstWhole(
  from: number,
  holds: (n: number) => boolean,
  max = Number.POSITIVE_INFINITY,
): number | null {
  let [low, high] = [from - 1, from];
  while (!holds(high)) {
    low = high;
    high *= 2;
    if (high > max) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
