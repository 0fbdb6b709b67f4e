/** Memory of an API's process as it reports it itself; null if it does not report a value. */
type ApiMemory = {
  residentBytes: number | null;
  heapUsedBytes: number | null;
  heapTotalBytes: number | null;
  /** Buffers and other memory outside the JavaScript heap. */
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
 * Prometheus' clients use. Never throws for a fault of the target: the reason says why there is no value.
 */
export async function apiMemory(url: string, options: ReadOptions): Promise<ApiMemoryReading> {
  const read = await readMetricsText(url, options);
  if ('reason' in read) return { memory: null, reason: read.reason };
  const values = Object.entries(METRICS).map(([key, metric]) => [
    key,
    metricValue(read.text, metric),
  ]);
  const memory = Object.fromEntries(values) as ApiMemory;
  if (Object.values(memory).every((value) => value === null)) {
    return { memory: null, reason: 'its metrics tell nothing of the memory of one process' };
  }
  return { memory };
}

/** CPU, memory and event-loop delay of an API's process as it reports them itself; null if it does not report a value. */
export type ApiProcess = {
  /** CPU time since it started, user and system. */
  cpuSeconds: number | null;
  residentBytes: number | null;
  heapUsedBytes: number | null;
  /** Since the previous reading. */
  eventLoopDelayP99Ms: number | null;
};

/** Reads an API's process from its metrics, by the names that Prometheus' clients use; null if they cannot be read. */
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

/** The part of `fetch` that reading metrics needs. */
type FetchText = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{ status: number; text(): Promise<string> }>;

/** `timeoutMs` covers the whole answer. */
export type ReadOptions = { fetch: FetchText; timeoutMs: number };

async function readMetricsText(
  url: string,
  { fetch, timeoutMs }: ReadOptions,
): Promise<{ text: string } | { reason: string }> {
  const headers = { accept: 'application/openmetrics-text, text/plain;q=0.5' };
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return response.status === 200
      ? { text }
      : { reason: `its metrics answered ${response.status}` };
  } catch (error) {
    return { reason: `its metrics could not be read: ${nameOf(error)}` };
  }
}

/**
 * The value of a metric; null if it is missing, not a size, or reported for several processes.
 * @param labels as written in the braces; without it, any labels match
 */
function metricValue(text: string, metric: string, labels?: string): number | null {
  const inBraces = labels === undefined ? '(?:\\{[^\\n]*\\})?' : `\\{${labels}\\}`;
  const line = new RegExp(`^${metric}${inBraces}[ \\t]+(\\S+)`, 'gm');
  const [first, ...others] = [...text.matchAll(line)].map(([, value]) => Number(value));
  const isSize = first !== undefined && Number.isFinite(first) && first >= 0;
  return isSize && others.length === 0 ? first : null;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
