import { Counter, Gauge, Registry } from '@prometheus-io/client';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../http/request.ts';
import { processMetrics } from './processMetrics.ts';

const ROUTES: ReadonlySet<string> = new Set(['/classify', '/chat', '/health', '/demo/token']);

export type ServiceMetrics = {
  contentType: string;
  requestStarted(): void;
  requestEnded(request: { route: string; status: number }): void;
  /** OpenMetrics text. */
  text(): Promise<string>;
  close(): void;
};

/** The metrics of this service. `beforeReading` runs before they are read. */
export function serviceMetrics(beforeReading: () => void = () => undefined): ServiceMetrics {
  const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const process = processMetrics(registers);
  const inFlight = new Gauge({
    name: 'salestalk_requests_in_flight',
    help: 'Requests that have arrived and whose answers have not ended, those for metrics left out',
    registers,
  });
  const requests = new Counter({
    name: 'salestalk_requests',
    help: 'Requests whose answers have ended, by route and status; 499 where the caller left before the end',
    labelNames: ['route', 'status'] as const,
    registers,
  });

  return {
    contentType: registry.contentType,
    requestStarted: () => inFlight.inc(),
    requestEnded({ route, status }) {
      inFlight.dec();
      requests.inc({ route, status: String(status) });
    },
    text() {
      beforeReading();
      return registry.metrics();
    },
    close: () => process.close(),
  };
}

/** Counts a request from its arrival until the last byte of its answer has left, or its caller has. */
export const countRequests = (metrics: ServiceMetrics) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.path === '/metrics') return next();
    const { outgoing } = c.env;
    // Paths that are not the API's own are one route, or any caller could make the number of series grow.
    const route = ROUTES.has(c.req.path) ? c.req.path : 'other';
    metrics.requestStarted();
    outgoing.once('close', () => {
      const status = outgoing.writableFinished ? outgoing.statusCode : 499;
      metrics.requestEnded({ route, status });
    });
    return next();
  });
