import type { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import type { LoadOutcome } from '../../engine/workloadModels.ts';
import type { TimedClient } from '../../probes/httpClient.ts';
import type { Load, QuantilesMs } from './tool.ts';

/** Intended starts in ms, evenly spaced from 0, as every open tool here spaces them. */
export function* evenArrivals(ratePerSecond: number, seconds: number): Generator<number> {
  const count = Math.round(ratePerSecond * seconds);
  for (let index = 0; index < count; index++) yield (index * 1000) / ratePerSecond;
}

const TIMEOUT_MS = 10_000;

/** Returns a function that sends the same request at each call: a GET, or a POST of JSON if there is a body. */
export function createSender(
  client: TimedClient,
  { url, body }: Pick<Load, 'url' | 'body'>,
): () => Promise<LoadOutcome> {
  const { pathname, search } = new URL(url);
  const target = { path: `${pathname}${search}`, timeoutMs: TIMEOUT_MS };
  const headers = { 'content-type': 'application/json' };
  const request =
    body === undefined
      ? ({ ...target, method: 'GET', headers: {} } as const)
      : ({ ...target, method: 'POST', headers, body } as const);
  return async () => {
    const { heldMs, endedMs, status, failure, connectionReused } = await client.request(request);
    const reason = failure ?? (status === 200 ? null : `status ${status}`);
    return { heldMs, serviceMs: endedMs, failure: reason, connectionReused };
  };
}

/** @throws Error for an empty histogram */
export function readQuantiles(histogram: LatencyHistogram): QuantilesMs {
  if (histogram.count === 0) throw new Error('no request was answered');
  const at = (quantile: number) => histogram.quantileMs(quantile);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
