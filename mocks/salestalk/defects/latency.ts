import { AsyncLocalStorage } from 'node:async_hooks';
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
/** Of what the handler sees, which is some 37 % of what the caller sees: the rest is HTTP. */
const OWN_TIME_GROWTH = 0.27;
const OWN_TIMES = 25;

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

/**
 * Prolongs each request by a share of its own time: the median of the last ones of its path that no other request slowed. Busy, since a
 * timer waits for whole milliseconds.
 */
function createSlowerOwnTime(): Defect {
  const requests = new AsyncLocalStorage<{ modelMs: number; isAlone: boolean }>();
  return {
    name: 'slower-own-time',
    description:
      "SalesTalk's own time grows by some 10 %, its model's calls do not; streams stay as they are",
    services: (services, { clock }) => ({
      ...services,
      provider: guardCalls(services.provider, async () => {
        const startMs = clock.monotonicMs();
        const request = requests.getStore();
        return () => {
          if (request !== undefined) request.modelMs += clock.monotonicMs() - startMs;
        };
      }),
    }),
    around: ({ clock }) => {
      const underWay = new Set<{ isAlone: boolean }>();
      const ownTimes = new Map<string, number[]>();
      return createMiddleware<ApiEnv>(async (c, next) => {
        const startMs = clock.monotonicMs();
        const request = { modelMs: 0, isAlone: underWay.size === 0 };
        for (const other of underWay) other.isAlone = false;
        underWay.add(request);
        await requests.run(request, next).finally(() => underWay.delete(request));
        if (isStreamed(c.res)) return;
        const lastMs = ownTimes.getOrInsert(c.req.path, []);
        if (request.isAlone) lastMs.push(clock.monotonicMs() - startMs - request.modelMs);
        if (lastMs.length > OWN_TIMES) lastMs.shift();
        const medianMs = lastMs.toSorted((a, b) => a - b)[OWN_TIMES >> 1] ?? 0;
        const endMs = clock.monotonicMs() + OWN_TIME_GROWTH * medianMs;
        while (clock.monotonicMs() < endMs);
      });
    },
  };
}
