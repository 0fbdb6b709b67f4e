/** Memory of an API's process as it tells it itself; null what it does not tell. */
export type ApiMemory = {
  residentBytes: number | null;
  heapUsedBytes: number | null;
  heapTotalBytes: number | null;
  /** Buffers and the like, outside of the JavaScript heap. */
  externalBytes: number | null;
};

export type ApiMemoryReading = { memory: ApiMemory } | { memory: null; reason: string };

/** As much of `fetch` as it takes. */
export type FetchText = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{ status: number; text(): Promise<string> }>;

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
 * @param timeoutMs until the whole answer is there
 */
export async function apiMemory(
  url: string,
  { fetch, timeoutMs }: { fetch: FetchText; timeoutMs: number },
): Promise<ApiMemoryReading> {
  const none = (reason: string): ApiMemoryReading => ({ memory: null, reason });
  const headers = { accept: 'application/openmetrics-text, text/plain;q=0.5' };
  let text: string;
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
    if (response.status !== 200) return none(`its metrics answered ${response.status}`);
  } catch (error) {
    return none(`its metrics could not be read: ${nameOf(error)}`);
  }
  const memory = readMemory(text);
  if (Object.values(memory).every((value) => value === null)) {
    return none('its metrics tell nothing of the memory of one process');
  }
  return { memory };
}

function readMemory(text: string): ApiMemory {
  const read = (key: keyof ApiMemory) => sizeOf(text, METRICS[key]);
  return {
    residentBytes: read('residentBytes'),
    heapUsedBytes: read('heapUsedBytes'),
    heapTotalBytes: read('heapTotalBytes'),
    externalBytes: read('externalBytes'),
  };
}

/** The value of a metric; null where it is missing, no size, or told of several processes, of which none is the one. */
function sizeOf(text: string, metric: string): number | null {
  const line = new RegExp(`^${metric}(?:\\{[^\\n]*\\})?[ \\t]+(\\S+)`, 'gm');
  const [first, ...others] = [...text.matchAll(line)].map(([, value]) => Number(value));
  const isSize = first !== undefined && Number.isFinite(first) && first >= 0;
  return isSize && others.length === 0 ? first : null;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
