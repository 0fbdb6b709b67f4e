import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { epochMs } from '../clock.ts';
import type { CallLog } from '../journal/callLog.ts';
import { Histogram } from '../journal/histogram.ts';

/** How the mock itself is doing, counted from its start, not from the last request. `null`: nothing recorded yet. */
export type Status = ReturnType<typeof readStatus>;

export function readStatus(options: {
  log: CallLog;
  loopDelays: Histogram;
  listener: { isRefusing: boolean };
  startedAtMs: number;
}) {
  const { log, loopDelays, listener, startedAtMs } = options;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    name: 'ai-mock',
    version: 1,
    uptimeMs: epochMs() - startedAtMs,
    inFlight: log.inFlight,
    calls: log.calls,
    /** The model's listener is closed at the moment. */
    refusing: listener.isRefusing,
    /** How much later than planned the answers were complete. */
    lateness: log.lateness.summary(),
    /** How late a timer of 20 ms fired. */
    eventLoopDelay: loopDelays.summary(),
    /** CPU time of the process since its start, user and system, all threads together. */
    cpuMs: (user + system) / 1000,
    /** What the process holds of the machine, and its JavaScript heap in use, garbage not yet collected included. */
    memory: { residentBytes: rss, heapUsedBytes: heapUsed },
  };
}

const EVERY_MS = 20;

/**
 * Records how late a timer of 20 ms fires: how long the event loop kept work waiting. Node's `monitorEventLoopDelay` has another
 * scale in Deno.
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
