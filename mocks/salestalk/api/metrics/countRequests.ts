import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../http/apiEnv.ts';
import type { ServiceMetrics } from './serviceMetrics.ts';

const routes: ReadonlySet<string> = new Set(['/classify', '/chat', '/health', '/demo/token']);

/** Counts a request from its arrival until the last byte of its answer has left, or its caller has. */
export const countRequests = (metrics: ServiceMetrics) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.path === '/metrics') return next();
    const { outgoing } = c.env;
    // Paths that are not the API's own are one route, or any caller could make the number of series grow.
    const route = routes.has(c.req.path) ? c.req.path : 'other';
    metrics.requestStarted();
    outgoing.once('close', () => {
      const status = outgoing.writableFinished ? outgoing.statusCode : 499;
      metrics.requestEnded({ route, status });
    });
    return next();
  });
