import { LN2_HIGH, LN2_LOW, powerOf2 } from './powerOf2.ts';

/**
 * e to the power of x, to within a few units in the last place. `Math.exp` is left to each engine, and V8 14 (Node 26) and V8 15 (Deno 2.9)
 * differ in its last bit, as in `log` and `log1p`; a verdict that hangs on it would not be the same in both. This takes no more than the
 * four basic operations, which IEEE 754 fixes to the bit.
 */
export function exponential(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x;
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const power = Math.round(x * Math.LOG2E);
  const rest = x - power * LN2_HIGH - power * LN2_LOW;
  const factor = 1 + restOfSeries(rest);
  // In two steps, since the power itself may lie beyond the numbers that the result lies within.
  const half = Math.trunc(power / 2);
  return factor * powerOf2(half) * powerOf2(power - half);
}

/** e to the power of x, less 1, with all its digits where x is small. */
export function exponentialLess1(x: number): number {
  return Math.abs(x) < 0.35 ? restOfSeries(x) : exponential(x) - 1;
}

/** x + x²/2! + x³/3! + … up to 13, whose successor would add less than the last bit for |x| ≤ 0.35. Written out, since it is called often. */
function restOfSeries(x: number): number {
  const high =
    1 / 40320 +
    x *
      (1 / 362880 + x * (1 / 3628800 + x * (1 / 39916800 + x * (1 / 479001600 + x / 6227020800))));
  return (
    x *
    (1 +
      x *
        (1 / 2 +
          x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040 + x * high)))))))
  );
}
