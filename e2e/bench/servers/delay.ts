import { type Draw, normalDraw } from '../../core/statistics/seededDraw.ts';

/** How long answers take, in ms. */
export type Delay =
  | { kind: 'constant'; ms: number }
  | { kind: 'logNormal'; medianMs: number; p95Ms: number }
  | { kind: 'bimodal'; ms: number; slowMs: number; slowShare: number };

/** The P95 of a standard normal distribution. */
const NORMAL_P95 = 1.6448536269514722;

/** Returns a function that draws a delay in ms at each call. */
export function createDelays(delay: Delay, draw: Draw): () => number {
  switch (delay.kind) {
    case 'constant':
      return () => delay.ms;
    case 'bimodal':
      return () => (draw() < delay.slowShare ? delay.slowMs : delay.ms);
    case 'logNormal': {
      const normal = normalDraw(draw);
      const sigma = Math.log(delay.p95Ms / delay.medianMs) / NORMAL_P95;
      return () => delay.medianMs * Math.exp(sigma * normal());
    }
  }
}
