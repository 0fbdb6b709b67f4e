/**
 * Chances of 0, 1, 2, … inversions in a random order of `n` values: the distribution of Kendall's statistic without ties, exact, built
 * up value by value (each new one is inverted with 0 … k of those before it).
 */
export function inversionChances(n: number): Float64Array {
  const most = (n * (n - 1)) / 2;
  let chances = new Float64Array(most + 1);
  chances[0] = 1;
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(most + 1);
    let window = 0;
    for (let count = 0; count <= (size * (size - 1)) / 2; count++) {
      window += chances[count] as number;
      if (count >= size) window -= chances[count - size] as number;
      next[count] = window / size;
    }
    chances = next;
  }
  return chances;
}
