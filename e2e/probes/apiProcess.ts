import { metricValue, type ReadOptions, readMetricsText } from './openMetrics.ts';

/** What an API's process tells of itself; null what it does not tell. */
export type ApiProcess = {
  /** CPU time since it started, user and system. */
  cpuSeconds: number | null;
  residentBytes: number | null;
  heapUsedBytes: number | null;
  /** Since the reading before. */
  eventLoopDelayP99Ms: number | null;
};

/** Reads what an API's process does from its metrics, by the names that Prometheus' clients give it; null where they cannot be read. */
export async function apiProcess(url: string, options: ReadOptions): Promise<ApiProcess | null> {
  const read = await readMetricsText(url, options);
  if ('reason' in read) return null;
  const { text } = read;
  const delaySeconds = metricValue(text, 'nodejs_eventloop_delay_seconds', 'quantile="0.99"');
  return {
    cpuSeconds: metricValue(text, 'process_cpu_seconds_total'),
    residentBytes: metricValue(text, 'process_resident_memory_bytes'),
    heapUsedBytes: metricValue(text, 'nodejs_heap_size_used_bytes'),
    eventLoopDelayP99Ms: delaySeconds === null ? null : delaySeconds * 1000,
  };
}
