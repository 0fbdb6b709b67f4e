import type { TimedClient } from './httpClient.ts';

/** CPU, memory and event-loop delay of an API's process as it reports them itself; null if it does not report a value. */
export type ApiProcess = {
  /** CPU time since it started, user and system. */
  cpuSeconds: number | null;
  residentBytes: number | null;
  heapUsedBytes: number | null;
  /** Since the previous reading. */
  eventLoopDelayP99Ms: number | null;
};

export type ApiProcessReading = { process: ApiProcess } | { process: null; reason: string };

/**
 * Reads an API's process from its metrics, in OpenMetrics or in Prometheus' older text format, by the names that Prometheus' clients
 * use. Never throws for a fault of the target: the reason says why there is no value.
 */
export async function readApiProcess(
  client: TimedClient,
  path: string,
  timeoutMs = 10_000,
): Promise<ApiProcessReading> {
  const headers = { accept: 'application/openmetrics-text, text/plain;q=0.5' };
  const request = { method: 'GET', path, headers, timeoutMs } as const;
  const { status, failure, body } = await client.request(request);
  if (failure !== null) {
    return { process: null, reason: `its metrics could not be read: ${failure}` };
  }
  if (status !== 200) return { process: null, reason: `its metrics answered ${status}` };
  const delaySeconds = metricValue(body, 'nodejs_eventloop_delay_seconds', 'quantile="0.99"');
  const process = {
    cpuSeconds: metricValue(body, 'process_cpu_seconds_total'),
    residentBytes: metricValue(body, 'process_resident_memory_bytes'),
    heapUsedBytes: metricValue(body, 'nodejs_heap_size_used_bytes'),
    eventLoopDelayP99Ms: delaySeconds === null ? null : delaySeconds * 1000,
  };
  return Object.values(process).every((value) => value === null)
    ? { process: null, reason: 'its metrics have no value of one process' }
    : { process };
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
