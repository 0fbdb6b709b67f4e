import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

/** One request and its answer, timed by the HTTP client itself. Durations count from the moment the request was handed to it. */
export type TimedExchange = {
  sentAtMs: number;
  /** Null when no answer began. */
  status: number | null;
  headers: Record<string, string>;
  body: string;
  /** Pieces of the body as they came. */
  chunks: { atMs: number; text: string }[];
  firstByteMs: number | null;
  /** To the last byte; null when the answer did not complete. */
  durationMs: number | null;
  /** To the end of the exchange, whatever it was. */
  endedMs: number;
  /** Did the request travel on a connection that had served one before? Null where the runtime does not say. */
  connectionReused: boolean | null;
  /** Why there is no complete answer, or null: `timeout`, or the socket's or TLS's error code. */
  failure: string | null;
};

export type TimedRequest = {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Gives up after this long without an answer. */
  timeoutMs: number;
};

/** Header that ties a request to the socket it was sent on; the client sets it where the caller did not. */
const ID_HEADER = 'x-request-id';

/** An HTTP/1.1 client for one origin with keep-alive connections, which does not follow redirects. */
export class TimedClient {
  readonly #pool: Pool;
  readonly #usedSockets = new WeakSet<Socket>();
  /** By id of each request that is under way; null until it is on a connection. */
  readonly #reused = new Map<string, boolean | null>();

  constructor(origin: string, connections: number) {
    this.#pool = new Pool(origin, { connections, pipelining: 1, keepAliveTimeout: 30_000 });
    diagnostics.subscribe('undici:client:sendHeaders', this.#onSendHeaders);
  }

  /**
   * A failure is part of what was measured, and no error.
   * @throws Error for a request that cannot be sent as written, such as one with a line break in a header
   */
  request(request: TimedRequest): Promise<TimedExchange> {
    const { method, path, body, timeoutMs } = request;
    const id = request.headers[ID_HEADER] ?? crypto.randomUUID();
    const headers = { ...request.headers, [ID_HEADER]: id };
    const { promise, resolve, reject } = Promise.withResolvers<TimedExchange>();
    this.#reused.set(id, null);
    const sentAtMs = performance.timeOrigin + performance.now();
    const startMs = performance.now();
    const elapsedMs = (): number => performance.now() - startMs;
    const exchange: TimedExchange = {
      sentAtMs,
      status: null,
      headers: {},
      body: '',
      chunks: [],
      firstByteMs: null,
      durationMs: null,
      endedMs: 0,
      connectionReused: null,
      failure: null,
    };
    const decoder = new TextDecoder();
    let hasEnded = false;
    const end = (failure: string | null): void => {
      hasEnded = true;
      clearTimeout(timer);
      // Bytes of a character that never came whole.
      const rest = decoder.decode();
      if (rest !== '') exchange.chunks.push({ atMs: elapsedMs(), text: rest });
      exchange.failure = failure;
      exchange.endedMs = exchange.durationMs ?? elapsedMs();
      exchange.body = exchange.chunks.map((chunk) => chunk.text).join('');
      exchange.connectionReused = this.#reused.get(id) ?? null;
      this.#reused.delete(id);
      resolve(exchange);
    };
    let controller: Dispatcher.DispatchController | undefined;
    const timer = setTimeout(() => {
      if (controller === undefined) return end('timeout');
      controller.abort(new Error('timeout'));
    }, timeoutMs);
    this.#pool.dispatch(
      { method, path, headers, body: body ?? null, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(started) {
          controller = started;
          // Given up while it waited for a connection.
          if (hasEnded) started.abort(new Error('timeout'));
        },
        onResponseStart(_controller, status, responseHeaders) {
          exchange.status = status;
          exchange.firstByteMs = elapsedMs();
          exchange.headers = flatten(responseHeaders);
        },
        onResponseData(_controller, chunk) {
          exchange.chunks.push({
            atMs: elapsedMs(),
            text: decoder.decode(chunk, { stream: true }),
          });
        },
        onResponseEnd() {
          exchange.durationMs = elapsedMs();
          end(null);
        },
        onResponseError(_controller, error) {
          if (hasEnded) return;
          if (failureOf(error) === 'UND_ERR_INVALID_ARG') reject(error);
          end(failureOf(error));
        },
      },
    );
    return promise;
  }

  async close(): Promise<void> {
    diagnostics.unsubscribe('undici:client:sendHeaders', this.#onSendHeaders);
    await this.#pool.destroy();
  }

  readonly #onSendHeaders = (message: unknown): void => {
    const { headers, socket } = message as { headers: string; socket: Socket };
    const id = /^x-request-id: (.+)\r$/im.exec(headers)?.[1];
    // Each client hears of the requests of all.
    if (id === undefined || !this.#reused.has(id)) return;
    this.#reused.set(id, this.#usedSockets.has(socket));
    this.#usedSockets.add(socket);
  };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries);
}

function failureOf(error: Error & { code?: string; cause?: unknown }): string {
  if (error.message === 'timeout') return 'timeout';
  return error.code ?? error.name;
}
