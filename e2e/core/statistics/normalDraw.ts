import { logarithm } from '../portable/logarithm.ts';
import type { Draw } from './seededDraw.ts';

/**
 * Standard normal draws by Marsaglia's polar method: logarithm and square root are the only functions it needs, and those come out the same
 * in every runtime.
 */
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
      const factor = Math.sqrt((-2 * logarithm(square)) / square);
      spare = v * factor;
      return u * factor;
    }
  };
}
