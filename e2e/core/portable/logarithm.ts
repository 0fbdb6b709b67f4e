import { LN2_HIGH, LN2_LOW, powerOf2 } from './powerOf2.ts';

/** To read a number's bits by: sign, 11 of its exponent with this bias, 52 of its fraction. */
const scratch = new DataView(new ArrayBuffer(8));
const EXPONENT_BIAS = 1023;
const SMALLEST_NORMAL = powerOf2(-1022);

/** Natural logarithm, to within a few units in the last place, from basic operations alone: the same to the bit everywhere (see `exponential`). */
export function logarithm(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < SMALLEST_NORMAL) return logarithm(x * powerOf2(54)) - 54 * Math.LN2;
  scratch.setFloat64(0, x);
  const high = scratch.getUint32(0);
  let power = (high >>> 20) - EXPONENT_BIAS;
  scratch.setUint32(0, (high & 0xfffff) | (EXPONENT_BIAS << 20));
  let factor = scratch.getFloat64(0);
  if (factor > Math.SQRT2) {
    factor /= 2;
    power += 1;
  }
  return power * LN2_HIGH + (doubleArcTanh((factor - 1) / (factor + 1)) + power * LN2_LOW);
}

/** Logarithm of 1 + x, with all its digits where x is small. */
export function logarithmOf1Plus(x: number): number {
  if (Math.abs(x) < 0.29) return doubleArcTanh(x / (2 + x));
  const sum = 1 + x;
  const lost = sum > 0 && sum < Number.POSITIVE_INFINITY ? (x - (sum - 1)) / sum : 0;
  return logarithm(sum) + lost;
}

/** 2 (s + s³/3 + … + s²³/23), which is the logarithm of (1 + s) / (1 − s); the next term would add less than the last bit for s² ≤ 0.03. */
function doubleArcTanh(s: number): number {
  const z = s * s;
  const high = 1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21 + z / 23))));
  const low = 1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * high))));
  return 2 * s + 2 * s * z * low;
}
