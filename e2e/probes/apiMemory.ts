import { metricValue, type ReadOptions, readMetricsText } from './openMetrics.ts';

/** Memory of an API's process as it tells it itself; null what it does not tell. */
export type ApiMemory = {
  residentBytes: number | null;
  heapUsedBytes: number | null;
  heapTotalBytes: number | null;
  /** Buffers and the like, outside of the JavaScript heap. */
  externalBytes: number | null;
};

export type ApiMemoryReading = { memory: ApiMemory } | { memory: null; reason: string };

const METRICS: Record<keyof ApiMemory, string> = {
  residentBytes: 'process_resident_memory_bytes',
  heapUsedBytes: 'nodejs_heap_size_used_bytes',
  heapTotalBytes: 'nodejs_heap_size_total_bytes',
  externalBytes: 'nodejs_external_memory_bytes',
};

/**
 * Reads the memory of an API's process from its metrics, in OpenMetrics or in Prometheus' older text format, by the names that
 * Prometheus' clients give it. Where there is nothing to read the reason says why; it never throws for what the target does.
 * @param url of the metrics
 */
export async function apiMemory(url: string, options: ReadOptions): Promise<ApiMemoryReading> {
  const read = await readMetricsText(url, options);
  if ('reason' in read) return { memory: null, reason: read.reason };
  const memory = readMemory(read.text);
  if (Object.values(memory).every((value) => value === null)) {
    return { memory: null, reason: 'its metrics tell nothing of the memory of one process' };
  }
  return { memory };
}

function readMemory(text: string): ApiMemory {
  const read = (key: keyof ApiMemory) => metricValue(text, METRICS[key]);
  return {
    residentBytes: read('residentBytes'),
    heapUsedBytes: read('heapUsedBytes'),
    heapTotalBytes: read('heapTotalBytes'),
    externalBytes: read('externalBytes'),
  };
}
