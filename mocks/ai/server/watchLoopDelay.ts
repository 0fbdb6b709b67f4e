import { clearInterval, setInterval } from 'node:timers';
import { Histogram } from '../journal/histogram.ts';

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
