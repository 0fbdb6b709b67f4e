import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type Clock, wait } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { rewriteAnswers } from './rewriteAnswers.ts';

const STALL_EVERY_MS = 20_000;
const STALL_MS = 3_000;
const SLOWER_PER_REQUEST_MS = 0.05;

/** Answers that come late, and answers with a wrong latency or none. */
export const LATENCY_DEFECTS: readonly Defect[] = [
  {
    // Moves the whole distribution: the median misses its objective first.
    name: 'slow-median',
    description: 'every answer comes 1100 ms late',
    around: ({ clock }) => delayAnswers(clock, () => 1100),
  },
  {
    // The tail gets slow, the median stays good.
    name: 'slow-quarter',
    description: '25 % of the answers, drawn by the seed, come 2500 ms late',
    around: ({ clock, draw }) => delayAnswers(clock, () => (draw() < 0.25 ? 2500 : 0)),
  },
  {
    // Like a garbage collection or a failover. A closed workload has few requests in each stall, and hardly shows it.
    name: 'stall',
    description: 'every 20 s from the start, requests that arrive within 3 s wait until these end',
    around: ({ clock }) => {
      const startMs = clock.monotonicMs();
      return delayAnswers(clock, () => {
        const elapsedMs = clock.monotonicMs() - startMs;
        return elapsedMs < STALL_EVERY_MS
          ? 0
          : Math.max(0, STALL_MS - (elapsedMs % STALL_EVERY_MS));
      });
    },
  },
  {
    // Like a service that searches a growing log. Node's timers wait at least 1 ms.
    name: 'slowing',
    description: 'each request makes all later ones 0.05 ms slower',
    around: ({ clock }) => {
      let requests = 0;
      return delayAnswers(clock, () => {
        requests += 1;
        return requests * SLOWER_PER_REQUEST_MS;
      });
    },
  },
  {
    name: 'halved-latency',
    description: 'metadata.latencyMs is half of the true latency',
    around: () =>
      rewriteAnswers((answer) => {
        const metadata = answer.metadata as { latencyMs: number } | undefined;
        // With `no-metadata` planted too, there is none.
        if (metadata === undefined) return answer;
        const latencyMs = Math.floor(metadata.latencyMs / 2);
        return { ...answer, metadata: { ...metadata, latencyMs } };
      }),
  },
  {
    name: 'no-metadata',
    description: 'answers come without metadata',
    around: () => rewriteAnswers(({ metadata: _, ...answer }) => answer),
  },
];

/** Delays each request between its arrival and its handler, so that `latencyMs` includes the delay. A caller that leaves ends it. */
function delayAnswers(clock: Clock, delayMs: () => number): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const ms = delayMs();
    if (ms > 0) await wait(clock, ms, c.req.raw.signal);
    await next();
  });
}
