/** 1/(2n + 1) with alternating signs, of n = 12 first. */
const COEFFICIENTS = Array.from({ length: 13 }, (_, at) => (at % 2 === 0 ? 1 : -1) / (25 - 2 * at));

/** Angle whose tangent is x, in radians, from basic operations and square roots: the same to the bit everywhere (see `exponential`). */
export function arcTangent(x: number): number {
  if (x < 0) return -arcTangent(-x);
  if (x > 1) return Math.PI / 2 - arcTangent(1 / x);
  const quarter = halveAngle(halveAngle(x));
  const square = quarter * quarter;
  let sum = 0;
  for (const coefficient of COEFFICIENTS) sum = sum * square + coefficient;
  return 4 * quarter * sum;
}

function halveAngle(tangent: number): number {
  return tangent / (1 + Math.sqrt(1 + tangent * tangent));
}
