import { monitorEventLoopDelay } from 'node:perf_hooks';

const samplingIntervalMs = 10;

/** How late timers fired, in seconds. */
export type EventLoopDelay = { p50: number; p99: number; max: number };

/**
 * Watches how late timers fire. Each reading covers the time since the one before; null where there is nothing to tell:
 * nothing sampled yet, or a runtime (Deno) whose histogram counts on another scale.
 */
export function watchEventLoopDelay(): { read(): EventLoopDelay | null; close(): void } {
  if (process.versions.deno !== undefined) return { read: () => null, close() {} };
  const histogram = monitorEventLoopDelay({ resolution: samplingIntervalMs });
  histogram.enable();
  // The histogram holds whole intervals between samples; what exceeds the planned one is the delay.
  const seconds = (ns: number): number => Math.max(ns / 1e9 - samplingIntervalMs / 1e3, 0);

  return {
    read() {
      if (histogram.count === 0) return null;
      const p50 = seconds(histogram.percentile(50));
      const p99 = seconds(histogram.percentile(99));
      const reading = { p50, p99, max: seconds(histogram.max) };
      histogram.reset();
      return reading;
    },
    close: () => histogram.disable(),
  };
}
