import type { Draw } from '../core/statistics/seededDraw.ts';
import { normalDraw } from '../core/statistics/seededDraw.ts';

/** Logarithmic spread of the noise, and how much of it one request passes on to the next. */
const SPREAD = 0.08;
const MEMORY = 0.95;
/** Stolen CPU: bursts of 20 requests on average, 2 % of the time, that slow everything by half. */
const BURST_ENDS = 1 / 20;
const BURST_STARTS = 0.001;
const BURST_FACTOR = 1.5;

/** Makes the factor by which a noisy machine stretches each request in turn: slow drift, and bursts of stolen CPU. */
export function noisyMachine(draw: Draw): () => number {
  const normal = normalDraw(draw);
  let drift = SPREAD * normal();
  let inBurst = false;
  return () => {
    drift = MEMORY * drift + Math.sqrt(1 - MEMORY * MEMORY) * SPREAD * normal();
    inBurst = inBurst ? draw() >= BURST_ENDS : draw() < BURST_STARTS;
    return Math.exp(drift) * (inBurst ? BURST_FACTOR : 1);
  };
}
