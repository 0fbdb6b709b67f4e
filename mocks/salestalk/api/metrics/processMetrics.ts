import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from '@prometheus-io/client';

const SAMPLING_INTERVAL_MS = 10;

type Registers = Registry<OpenMetricsContentType>[];

/** Memory, CPU time and event-loop delay of the process, read whenever metrics are asked for. */
export function processMetrics(registers: Registers): { close(): void } {
  for (const [name, help, read] of [
    [
      'process_resident_memory_bytes',
      'Resident memory of the process',
      () => process.memoryUsage.rss(),
    ],
    ['nodejs_heap_size_used_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed],
    [
      'nodejs_heap_size_total_bytes',
      'JavaScript heap reserved',
      () => process.memoryUsage().heapTotal,
    ],
  ] as const) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
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

  const watch = watchEventLoopDelay();
  new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late timers fired since the last reading; quantile 1 is the latest',
    labelNames: ['quantile'] as const,
    registers,
    collect() {
      const delay = watch.read();
      this.reset();
      if (delay === null) return;
      this.set({ quantile: '0.5' }, delay.p50);
      this.set({ quantile: '0.99' }, delay.p99);
      this.set({ quantile: '1' }, delay.max);
    },
  });
  return { close: () => watch.close() };
}

/** How late timers fired, in seconds. */
type EventLoopDelay = { p50: number; p99: number; max: number };

/**
 * Watches how late timers fire. Each reading covers the time since the one before; null if there is no reading:
 * nothing sampled yet, or a runtime (Deno) whose histogram counts on another scale.
 */
function watchEventLoopDelay(): { read(): EventLoopDelay | null; close(): void } {
  if (process.versions.deno !== undefined) return { read: () => null, close() {} };
  const histogram = monitorEventLoopDelay({ resolution: SAMPLING_INTERVAL_MS });
  histogram.enable();
  // The histogram holds whole intervals between samples; what exceeds the planned one is the delay.
  const seconds = (ns: number): number => Math.max(ns / 1e9 - SAMPLING_INTERVAL_MS / 1e3, 0);

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
