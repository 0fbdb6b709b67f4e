import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type Clock, wait } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { guardCalls } from './gate.ts';
import { isStreamed, rewriteAnswers } from './rewriteAnswers.ts';

const STALL_EVERY_MS = 20_000;
const STALL_MS = 3_000;
const SLOWER_PER_REQUEST_MS = 0.05;
const OWN_TIME_GROWTH = 0.09;
const WINDOW_STEPS = 200;

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
    // Hidden from a comparison of medians. The narrative is late too, so the delay comes after the handler.
    name: 'slow-tail',
    description:
      '2 % of the answers, drawn by the seed, come 800 ms late; latencyMs leaves that out',
    around: ({ clock, draw }) =>
      createMiddleware<ApiEnv>(async (c, next) => {
        await next();
        if (draw() < 0.02) await wait(clock, 800, c.req.raw.signal);
      }),
  },
  {
    name: 'classify-five-ms',
    description: 'answers of /classify come 5 ms late',
    around: ({ clock }) => delayAnswers(clock, ({ req }) => (req.path === '/classify' ? 5 : 0)),
  },
  createSlowerOwnTime(),
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
function delayAnswers(
  clock: Clock,
  delayMs: (c: Context<ApiEnv>) => number,
): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const ms = delayMs(c);
    if (ms > 0) await wait(clock, ms, c.req.raw.signal);
    await next();
  });
}

function startWindow() {
  return { before: performance.eventLoopUtilization(), steps: 0, plantedMs: 0 };
}

/**
 * Prolongs all that the process does, HTTP and garbage collection too, of which no handler knows: so the busy time of the event loop is
 * split over the requests by their steps: one, and one more for each call of the model. 9 % of it is a tenth of a request's own time.
 */
function createSlowerOwnTime(): Defect {
  const requests = new AsyncLocalStorage<{ steps: number }>();
  return {
    name: 'slower-own-time',
    description:
      "SalesTalk's own time grows by some 10 %, its model's calls do not; streams stay as they are",
    services: (services) => ({
      ...services,
      provider: guardCalls(services.provider, async () => {
        const request = requests.getStore();
        if (request !== undefined) request.steps += 1;
        return () => undefined;
      }),
    }),
    around: ({ clock }) => {
      // By the work of the last window: that of the first requests, while code is compiled, is many times as much.
      let perStepMs = 0;
      let window = startWindow();
      return createMiddleware<ApiEnv>(async (c, next) => {
        const request = { steps: 1 };
        await requests.run(request, next);
        if (isStreamed(c.res)) return;
        const delayMs = OWN_TIME_GROWTH * perStepMs * request.steps;
        // Timers wait for whole milliseconds.
        const endMs = clock.monotonicMs() + delayMs;
        while (clock.monotonicMs() < endMs);
        window.steps += request.steps;
        window.plantedMs += delayMs;
        if (window.steps >= WINDOW_STEPS) {
          const workMs = performance.eventLoopUtilization(window.before).active - window.plantedMs;
          perStepMs = workMs / window.steps;
          window = startWindow();
        }
      });
    },
  };
}
