/** As much of `fetch` as it takes. */
export type FetchText = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{ status: number; text(): Promise<string> }>;

/** `timeoutMs` is until the whole answer is there. */
export type ReadOptions = { fetch: FetchText; timeoutMs: number };

/** Reads metrics, in OpenMetrics or in Prometheus' older text format. Never throws for what the target does. */
export async function readMetricsText(
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
 * The value of a metric; null where it is missing, no size, or told of several processes, of which none is the one.
 * @param labels as they are written in the braces; left out: whatever they are
 */
export function metricValue(text: string, metric: string, labels?: string): number | null {
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
