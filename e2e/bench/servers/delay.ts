import type { Draw } from '../../core/statistics/seededDraw.ts';
import { normalDraw } from '../../core/statistics/seededDraw.ts';

/** How long answers take, in ms. */
export type Delay =
  | { kind: 'constant'; ms: number }
  | { kind: 'logNormal'; medianMs: number; p95Ms: number }
  | { kind: 'bimodal'; ms: number; slowMs: number; slowShare: number };

/** 95 % of a standard normal distribution lie below. */
const NORMAL_P95 = 1.6448536269514722;

/** As on a command line: `constant:50`, `logNormal:50,150` (median, P95), `bimodal:20,200,0.1`. */
export function formatDelay(delay: Delay): string {
  const { kind, ...figures } = delay;
  return `${kind}:${Object.values(figures).join(',')}`;
}

/** @throws RangeError for a text that is no delay */
export function parseDelay(text: string): Delay {
  const [kind, figures = ''] = text.split(':');
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = figures.split(',').map(Number);
  const delays: Delay[] = [
    { kind: 'constant', ms: a },
    { kind: 'logNormal', medianMs: a, p95Ms: b },
    { kind: 'bimodal', ms: a, slowMs: b, slowShare: c },
  ];
  const delay = delays.find((one) => one.kind === kind);
  if (delay !== undefined && formatDelay(delay) === text) return delay;
  throw new RangeError(`"${text}" is no delay such as constant:50`);
}

/** Makes a source of delays in ms. */
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
