import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Clock } from '../clock.ts';

const HARMLESS_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** What Hono's context holds while an API request is served. */
export type ApiEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** When the request arrived, on the service's monotonic clock. */
    arrivedAtMs: number;
    /** The tenant of the token; set once the token has been checked. */
    tenantId: string;
  };
};

/** Gives every request its id and its time of arrival, and every answer that id. */
export function openRequest(clock: Clock): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    c.set('arrivedAtMs', clock.monotonicMs());
    const callers = c.req.header('X-Request-Id');
    // The caller's own id only if it cannot harm a header, a log or a page.
    const requestId = callers !== undefined && HARMLESS_ID.test(callers) ? callers : randomUUID();
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    await next();
  });
}
