/**
 * The point in [low, high] where a condition turns from true to false.
 * @param tolerance width at which the search ends; 0: to the last bit
 */
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
