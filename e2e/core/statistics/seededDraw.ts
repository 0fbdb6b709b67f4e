import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws a number from [0, 1). */
export type Draw = () => number;

/** Uniform draws with 53 random bits, the same for the same seed on every machine and runtime. */
export function seededDraw(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return () => {
    // 27 and 26 bits of two draws with 32 bits.
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  };
}

/** Fisher–Yates shuffle, in place. */
export function shuffle<T>(items: { length: number; [at: number]: T }, draw: Draw): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
}

/** Standard normal draws by Marsaglia's polar method (Marsaglia & Bray 1964), which makes two at a time. */
export function normalDraw(draw: Draw): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const [u, v] = [2 * draw() - 1, 2 * draw() - 1];
      const square = u * u + v * v;
      if (square === 0 || square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = v * factor;
      return u * factor;
    }
  };
}
