/** Distance of each value from each other. */
export function distancesOf(values: readonly number[]): number[][] {
  return values.map((value) => values.map((other) => Math.abs(value - other)));
}

/**
 * The place where a sequence changes most: what stands before it and what stands behind, up to any end (so that a change back does not
 * hide it), differ most by energy distance, n m / (n + m) times twice the mean distance between the parts less the mean distances within
 * them (Székely & Rizzo 2005; Matteson & James 2014, section 2). Sums over rectangles of the distances make it quadratic.
 * @param distances by value
 * @param order the sequence, as indexes of values
 * @param leastSegment fewest values on each side, at least 2
 */
export function bestSplit(
  distances: readonly (readonly number[])[],
  order: readonly number[],
  leastSegment: number,
): { at: number; statistic: number } {
  const total = order.length;
  const sums = rectangleSums(distances, order);
  const sumOf = (top: number, bottom: number, left: number, right: number) => {
    const corner = (row: number, column: number) => sums[row * (total + 1) + column] as number;
    return corner(bottom, right) - corner(top, right) - corner(bottom, left) + corner(top, left);
  };
  let best = { at: 0, statistic: Number.NEGATIVE_INFINITY };
  for (let at = leastSegment; at <= total - leastSegment; at++) {
    const withinLeft = sumOf(0, at, 0, at) / (at * (at - 1));
    for (let end = at + leastSegment; end <= total; end++) {
      const right = end - at;
      const withinRight = sumOf(at, end, at, end) / (right * (right - 1));
      const between = sumOf(0, at, at, end) / (at * right);
      const statistic = ((at * right) / end) * (2 * between - withinLeft - withinRight);
      if (statistic > best.statistic) best = { at, statistic };
    }
  }
  return best;
}

/** Sum of the distances above and left of each corner. */
function rectangleSums(
  distances: readonly (readonly number[])[],
  order: readonly number[],
): Float64Array {
  const width = order.length + 1;
  const sums = new Float64Array(width * width);
  order.forEach((one, row) => {
    const distancesOfOne = distances[one] as readonly number[];
    let rowSum = 0;
    order.forEach((other, column) => {
      rowSum += distancesOfOne[other] as number;
      const above = sums[row * width + column + 1] as number;
      sums[(row + 1) * width + column + 1] = above + rowSum;
    });
  });
  return sums;
}
