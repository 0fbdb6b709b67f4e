import type { LoadOutcome } from '../../engine/loadSample.ts';
import type { TimedClient } from '../../probes/httpClient.ts';

const TIMEOUT_MS = 10_000;

/** Sends the same request each time: a GET, or a POST of JSON where there is a body. */
export function plainSender(
  client: TimedClient,
  url: URL,
  body: string | undefined,
): () => Promise<LoadOutcome> {
  const path = `${url.pathname}${url.search}`;
  const request =
    body === undefined
      ? ({ method: 'GET', path, headers: {}, timeoutMs: TIMEOUT_MS } as const)
      : ({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json' },
          body,
          timeoutMs: TIMEOUT_MS,
        } as const);
  return async () => {
    const { heldMs, endedMs, status, failure, connectionReused } = await client.request(request);
    const objection = failure ?? (status === 200 ? null : `status ${status}`);
    return { heldMs, serviceMs: endedMs, failure: objection, connectionReused };
  };
}
