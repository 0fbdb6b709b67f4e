import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import type { CallLog } from '../journal/callLog.ts';
import { Histogram } from '../journal/histogram.ts';

/**
 * The mock's own condition. What is counted or spread is so since it started, not since it was last asked.
 * `null`: nothing recorded yet.
 */
export type Status = {
  name: 'ai-mock';
  version: 1;
  uptimeMs: number;
  inFlight: number;
  calls: number;
  /** The model's listener is closed just now. */
  refusing: boolean;
  /** How long it has been closed, all times together; calls that were refused meanwhile are in no journal. */
  refusedForMs: number;
  /** How much later than planned answers were complete. */
  lateness: { p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number; count: number } | null;
  /** How late a timer of 20 ms fired. */
  eventLoopDelay: { p50Ms: number; p99Ms: number; maxMs: number } | null;
  /** CPU time of the process since its start, user and system, all threads together. */
  cpuMs: number;
  /** As it is now: what the process holds of the machine, and its JavaScript heap in use, garbage not yet collected included. */
  memory: { residentBytes: number; heapUsedBytes: number };
};

const MICROSECONDS_A_MS = 1000;

export function readStatus(options: {
  log: CallLog;
  loopDelays: Histogram;
  listener: { isRefusing: boolean; refusedForMs: number };
  startedAtMs: number;
  nowMs: number;
}): Status {
  const { log, loopDelays, listener, startedAtMs, nowMs } = options;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    name: 'ai-mock',
    version: 1,
    uptimeMs: nowMs - startedAtMs,
    inFlight: log.inFlight,
    calls: log.calls,
    refusing: listener.isRefusing,
    refusedForMs: listener.refusedForMs,
    lateness: latenessOf(log.lateness),
    eventLoopDelay: delayOf(loopDelays),
    cpuMs: (user + system) / MICROSECONDS_A_MS,
    memory: { residentBytes: rss, heapUsedBytes: heapUsed },
  };
}

function latenessOf(histogram: Histogram): Status['lateness'] {
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((quantile) => histogram.quantileMs(quantile));
  const { maxMs, count } = histogram;
  if (p50Ms == null || p95Ms == null || p99Ms == null || maxMs === null) return null;
  return { p50Ms, p95Ms, p99Ms, maxMs, count };
}

function delayOf(histogram: Histogram): Status['eventLoopDelay'] {
  const [p50Ms, p99Ms] = [0.5, 0.99].map((quantile) => histogram.quantileMs(quantile));
  const { maxMs } = histogram;
  return p50Ms == null || p99Ms == null || maxMs === null ? null : { p50Ms, p99Ms, maxMs };
}

const EVERY_MS = 20;

/**
 * How late a timer of 20 ms fires, which is how long the event loop kept work waiting. Measured here and not by
 * `monitorEventLoopDelay`, which has another scale in Deno.
 */
export function watchLoopDelay(): { delays: Histogram; stop: () => void } {
  const delays = new Histogram();
  let dueMs = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    delays.record(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + EVERY_MS;
  }, EVERY_MS);
  timer.unref();
  return { delays, stop: () => clearInterval(timer) };
}
