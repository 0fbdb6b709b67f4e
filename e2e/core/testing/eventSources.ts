import type { Draw } from '../statistics/seededDraw.ts';
import { normalDraw } from '../statistics/seededDraw.ts';

/** Makes a new stream of latencies in ms for each simulated run; at 2000 ms and above one is bad. */
export type LatencySource = (draw: Draw) => () => number;

export const LIMIT_MS = 2000;

/** Is the next one bad? */
export type BadSource = (draw: Draw) => () => boolean;

export function independent(badShare: number): BadSource {
  return (draw) => () => draw() < badShare;
}

/** Bad events in bursts of geometric length with the given mean, `badShare` of all events. */
export function inBursts(badShare: number, meanLength: number): BadSource {
  const ends = 1 / meanLength;
  const starts = (ends * badShare) / (1 - badShare);
  return (draw) => {
    let isBad = draw() < badShare;
    return () => {
      const now = isBad;
      isBad = isBad ? draw() >= ends : draw() < starts;
      return now;
    };
  };
}

/** Latencies of several shapes, `isBad` deciding on which side of the limit each lies. */
export const SHAPES: Record<string, (isBad: BadSource) => LatencySource> = {
  'log-normal': (isBad) => (draw) => {
    const [bad, normal] = [isBad(draw), normalDraw(draw)];
    const isHere = (latencyMs: number, wanted: boolean) => latencyMs >= LIMIT_MS === wanted;
    return () => {
      const wanted = bad();
      for (;;) {
        const latencyMs = 1500 * Math.exp(0.3 * normal());
        if (isHere(latencyMs, wanted)) return latencyMs;
      }
    };
  },
  bimodal: (isBad) => (draw) => {
    const bad = isBad(draw);
    return () => (bad() ? 2800 + 400 * draw() : 300 + 100 * draw());
  },
  constant: (isBad) => (draw) => {
    const bad = isBad(draw);
    return () => (bad() ? LIMIT_MS : LIMIT_MS - 1);
  },
  tied: (isBad) => (draw) => {
    const bad = isBad(draw);
    return () => 250 * (bad() ? 8 + Math.floor(3 * draw()) : 1 + Math.floor(7 * draw()));
  },
};
