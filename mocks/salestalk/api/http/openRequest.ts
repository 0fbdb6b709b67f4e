import { createMiddleware } from 'hono/factory';
import type { Clock } from '../clock.ts';
import type { ApiEnv } from './apiEnv.ts';
import { requestIdFor } from './requestId.ts';

/** Gives every request its id and the moment it arrived, and every answer the headers they all have. */
export const openRequest = (clock: Clock) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    c.set('arrivedAtMs', clock.monotonicMs());
    const requestId = requestIdFor(c.req.header('X-Request-Id'));
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    await next();
  });
