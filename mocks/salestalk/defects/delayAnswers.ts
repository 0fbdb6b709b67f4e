import { createMiddleware } from 'hono/factory';
import type { Clock } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/apiEnv.ts';
import { wait } from '../api/wait.ts';

/**
 * Holds a request back by `delayMs` wherever `hits` says so. It waits before the handler and after the arrival, so that
 * `latencyMs` tells the truth about it. A caller that goes away ends the wait.
 */
export const delayAnswers = (clock: Clock, delayMs: number, hits: () => boolean) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (hits()) await wait(clock, delayMs, c.req.raw.signal);
    await next();
  });
