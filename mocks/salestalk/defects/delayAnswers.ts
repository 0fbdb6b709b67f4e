import { createMiddleware } from 'hono/factory';
import type { Clock } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/apiEnv.ts';
import { wait } from '../api/wait.ts';

/**
 * Holds each request back by what `delayMs` says of it, 0 for not at all. It waits before the handler and after the
 * arrival, so that `latencyMs` tells the truth about it. A caller that goes away ends the wait.
 */
export const delayAnswers = (clock: Clock, delayMs: () => number) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const ms = delayMs();
    if (ms > 0) await wait(clock, ms, c.req.raw.signal);
    await next();
  });
