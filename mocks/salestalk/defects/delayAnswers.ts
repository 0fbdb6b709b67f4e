import { setTimeout } from 'node:timers/promises';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/apiEnv.ts';

/**
 * Holds a request back by `delayMs` wherever `hits` says so. It waits before the handler and after the arrival, so that
 * `latencyMs` tells the truth about it. A caller that goes away ends the wait.
 */
export const delayAnswers = (delayMs: number, hits: () => boolean) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (hits()) await setTimeout(delayMs, undefined, { signal: c.req.raw.signal });
    await next();
  });
