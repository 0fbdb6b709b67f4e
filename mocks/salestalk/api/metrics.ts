import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from '@prometheus-io/client';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './http/request.ts';

const ROUTES: ReadonlySet<string> = new Set(['/classify', '/chat', '/health', '/demo/token']);
const SAMPLING_INTERVAL_MS = 10;

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>;

/** The metrics of this service and its process as OpenMetrics. `beforeReading` runs before they are read. */
export function createServiceMetrics(beforeReading: () => void = () => undefined) {
  const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
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
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const memory = process.memoryUsage;
  gauge('process_resident_memory_bytes', 'Resident memory of the process', () => memory.rss());
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use', () => memory().heapUsed);
  gauge('nodejs_heap_size_total_bytes', 'JavaScript heap reserved', () => memory().heapTotal);
  new Counter({
    name: 'process_cpu_seconds',
    help: 'CPU time of the process, user and system',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const delays = watchEventLoopDelay();
  new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late timers fired since the last reading; quantile 1 is the latest',
    labelNames: ['quantile'] as const,
    registers,
    collect() {
      this.reset();
      for (const [quantile, seconds] of delays.read()) this.set({ quantile }, seconds);
    },
  });

  return {
    contentType: registry.contentType,
    /** Middleware that counts a request from its arrival until its answer has been sent or its caller has left. */
    countRequests: createMiddleware<ApiEnv>(async (c, next) => {
      if (c.req.path === '/metrics') return next();
      const { outgoing } = c.env;
      // Unknown paths are one route, or any caller could add series without end.
      const route = ROUTES.has(c.req.path) ? c.req.path : 'other';
      inFlight.inc();
      outgoing.once('close', () => {
        inFlight.dec();
        const status = String(outgoing.writableFinished ? outgoing.statusCode : 499);
        requests.inc({ route, status });
      });
      return next();
    }),
    text() {
      beforeReading();
      return registry.metrics();
    },
    close: () => delays.close(),
  };
}

/** How late timers fired since the last reading, in seconds by quantile. Nothing in Deno, whose histogram has another scale. */
function watchEventLoopDelay() {
  if (process.versions.deno !== undefined) return { read: () => [], close() {} };
  const histogram = monitorEventLoopDelay({ resolution: SAMPLING_INTERVAL_MS });
  histogram.enable();
  // The histogram holds whole intervals between samples; what exceeds the planned one is the delay.
  const seconds = (ns: number): number => Math.max(ns / 1e9 - SAMPLING_INTERVAL_MS / 1e3, 0);
  return {
    read() {
      if (histogram.count === 0) return [];
      const readings = [50, 99, 100].map(
        (percentile) =>
          [String(percentile / 100), seconds(histogram.percentile(percentile))] as const,
      );
      histogram.reset();
      return readings;
    },
    close: () => histogram.disable(),
  };
}
