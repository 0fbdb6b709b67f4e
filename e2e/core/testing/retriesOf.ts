import type { RequestLine } from '../record/measurementLine.ts';
import type { ModelCallLine } from '../record/recordLine.ts';
import type { Draw } from '../statistics/seededDraw.ts';
import { modelCallOf, requestOf } from './recordOf.ts';

/** How long a target waits before each retry, in ms. */
export type RetryPolicy = (draw: Draw) => number[];

const STEPS_MS = [100, 200, 400, 800];

/** The planned waits, those of the planted defects, and no waits. */
export const RETRY_POLICIES = {
  planned: (draw) => STEPS_MS.map((stepMs) => stepMs * (0.5 + draw() / 2)),
  constantGap: (draw) => STEPS_MS.map(() => 50 + 50 * draw()),
  noJitter: () => STEPS_MS,
  /** Grows by the same amount each time. */
  linear: () => [100, 200, 300, 400],
  noPause: () => [0, 0, 0, 0],
} satisfies Record<string, RetryPolicy>;

/** A request to a model that fails at once, with its attempts; each wait is up to `noiseMs` longer than in the policy. */
export function retriesOf(
  index: number,
  policy: RetryPolicy,
  { draw, noiseMs }: { draw: Draw; noiseMs: number },
): { request: RequestLine; calls: ModelCallLine[] } {
  const request = requestOf(index, {
    workload: 'down',
    fault: 'down',
    status: 502,
    failure: 'status 502',
  });
  const waits = [0, ...policy(draw)];
  let atMs = request.sentAtMs;
  const calls = waits.map((waitMs, at) => {
    atMs += waitMs + noiseMs * draw();
    return modelCallOf(index, {
      attempt: at + 1,
      arrivedAtMs: atMs,
      endedMs: 0,
      durationMs: 0,
      status: 503,
      fault: 'status',
    });
  });
  return { request, calls };
}
