const LEAST = -1022;
const MOST = 1023;

/** Every power of 2 that is a normal number, by doubling, which is exact. */
const POWERS = new Float64Array(MOST - LEAST + 1);
POWERS[-LEAST] = 1;
for (let power = 1; power <= MOST; power++) POWERS[power - LEAST] = 2 * powerOf2(power - 1);
for (let power = -1; power >= LEAST; power--) POWERS[power - LEAST] = powerOf2(power + 1) / 2;

/** 2 to a whole power from −1022 to 1023. */
export function powerOf2(power: number): number {
  return POWERS[power - LEAST] as number;
}

/** The first 32 bits of log 2, so that whole multiples of it are exact, and the rest of it. */
export const LN2_HIGH = 2977044471 / 4294967296;
export const LN2_LOW = 1.9082149292705877e-10;
