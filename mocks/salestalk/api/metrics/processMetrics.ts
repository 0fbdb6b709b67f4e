import { Counter, Gauge, type OpenMetricsContentType, type Registry } from '@prometheus-io/client';
import { watchEventLoopDelay } from './eventLoopDelay.ts';

type Registers = Registry<OpenMetricsContentType>[];

/** Memory, CPU time and event-loop delay of the process, read whenever metrics are asked for. */
export function processMetrics(registers: Registers): { close(): void } {
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  new Gauge({
    name: 'nodejs_heap_size_total_bytes',
    help: 'JavaScript heap reserved',
    registers,
    collect() {
      this.set(process.memoryUsage().heapTotal);
    },
  });
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
