import { type Draw, normalDraw } from '../statistics/seededDraw.ts';

/** Makes a stream of latencies in ms for each simulated run; a latency of LIMIT_MS or more is bad. */
export type LatencySource = (draw: Draw) => () => number;

export const LIMIT_MS = 2000;

/** Makes a stream that says of each event whether it is bad. */
export type BadSource = (draw: Draw) => () => boolean;

export function independent(badShare: number): BadSource {
  return (draw) => () => draw() < badShare;
}

/** A share of bad events in bursts, whose lengths have a geometric distribution with the given mean. */
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

/** Distributions of latencies; `isBad` decides on which side of the limit each one is. */
export const SHAPES: Record<string, (isBad: BadSource) => LatencySource> = {
  'log-normal': (isBad) => (draw) => {
    const [bad, normal] = [isBad(draw), normalDraw(draw)];
    return () => {
      const isSlow = bad();
      for (;;) {
        const latencyMs = 1500 * Math.exp(0.3 * normal());
        if (latencyMs >= LIMIT_MS === isSlow) return latencyMs;
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
