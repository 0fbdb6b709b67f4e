/** The point in [low, high] where a condition turns from true to false, to the last bit. */
export function bisect(low: number, high: number, holds: (at: number) => boolean): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = (from + to) / 2;
    if (middle <= from || middle >= to) return middle;
    if (holds(middle)) from = middle;
    else to = middle;
  }
}
