import { parseArgs } from 'node:util';
import { z } from 'zod';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import type { LoadOutcome, LoadSample } from '../../engine/loadSample.ts';
import type { TimedClient } from '../../probes/httpClient.ts';

// What our client programs share: their arguments, how they send and count, and their report.

const STRING = { type: 'string' } as const;
const OPTIONS = {
  url: STRING,
  connections: STRING,
  seconds: STRING,
  'warm-up-seconds': STRING,
  rate: STRING,
  users: STRING,
  'think-ms': STRING,
  body: STRING,
} as const;

const number = z.coerce.number().nonnegative();
const clientArguments = z.object({
  url: z.url().transform((text) => new URL(text)),
  connections: number.default(1),
  seconds: number,
  /** Before that, and thrown away. */
  'warm-up-seconds': number.default(0),
  /** Per second, of an open load. */
  rate: number.default(0),
  /** Of a closed load; 0 for an open one. */
  users: number.default(0),
  'think-ms': number.default(0),
  body: z.string().optional(),
});

/** @throws Error for what does not fit */
export function readClientArguments(): z.infer<typeof clientArguments> {
  return clientArguments.parse(parseArgs({ options: OPTIONS }).values);
}

/** Intended starts in ms, evenly spaced from 0 on: what every open tool here makes of a constant rate. */
export function* evenArrivals(ratePerSecond: number, seconds: number): Generator<number> {
  const count = Math.round(ratePerSecond * seconds);
  for (let index = 0; index < count; index++) yield (index * 1000) / ratePerSecond;
}

const TIMEOUT_MS = 10_000;

/** Sends the same request each time: a GET, or a POST of JSON where there is a body. */
export function createSender(
  client: TimedClient,
  url: URL,
  body?: string,
): () => Promise<LoadOutcome> {
  const target = { path: `${url.pathname}${url.search}`, timeoutMs: TIMEOUT_MS };
  const headers = { 'content-type': 'application/json' };
  const request =
    body === undefined
      ? ({ ...target, method: 'GET', headers: {} } as const)
      : ({ ...target, method: 'POST', headers, body } as const);
  return async () => {
    const { heldMs, endedMs, status, failure, connectionReused } = await client.request(request);
    const objection = failure ?? (status === 200 ? null : `status ${status}`);
    return { heldMs, serviceMs: endedMs, failure: objection, connectionReused };
  };
}

const ms = z.number().nonnegative();
export const quantilesMs = z.object({ p50: ms, p95: ms, p99: ms });

/** What a client program prints, as one line of JSON. */
export const clientReport = z.object({
  /** Answered well. */
  requests: z.int(),
  failed: z.int(),
  neverSent: z.int(),
  firstFailure: z.string().nullable(),
  /** From the intended start. */
  responseMs: quantilesMs,
  /** From the moment it was handed to the HTTP client. */
  serviceMs: quantilesMs,
});

/** Counts the requests of a load as the harness does: in histograms, without keeping any of them. */
export class SampleCount {
  readonly #response = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  #failed = 0;
  #neverSent = 0;
  #firstFailure: string | null = null;

  add({ lateMs, serviceMs, failure }: LoadSample): void {
    if (failure !== null) this.#firstFailure ??= failure;
    if (lateMs === null || serviceMs === null) this.#neverSent += 1;
    else if (failure !== null) this.#failed += 1;
    else {
      this.#service.record(serviceMs);
      this.#response.record(lateMs + serviceMs);
    }
  }

  /** @throws Error where nothing was answered */
  report(): z.infer<typeof clientReport> {
    return {
      requests: this.#service.count,
      failed: this.#failed,
      neverSent: this.#neverSent,
      firstFailure: this.#firstFailure,
      responseMs: quantilesOf(this.#response),
      serviceMs: quantilesOf(this.#service),
    };
  }
}

/** @throws Error for an empty histogram */
export function quantilesOf(histogram: LatencyHistogram): z.infer<typeof quantilesMs> {
  const at = (q: number): number => {
    const value = histogram.quantileMs(q);
    if (value === null) throw new Error('no request was answered');
    return value;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
