import type { Dispatcher } from 'undici';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { type Connection, ConnectionPool, type PoolOptions } from './connectionPool.ts';
import {
  BODY_TOO_LARGE,
  decodeContent,
  decodePieces,
  MAX_BODY_BYTES,
  type Piece,
} from './responseBody.ts';

/** An HTTP client for one origin with keep-alive connections. It does not follow redirects. HTTP/1.1 is the default. */
export class TimedClient {
  readonly #pool: ConnectionPool;

  constructor(
    origin: string,
    options: Pick<PoolOptions, 'connections' | 'onOpen'> & { http?: HttpVersion },
  ) {
    this.#pool = new ConnectionPool(origin, { http: '1.1', ...options });
  }

  /**
   * A failed request resolves too: failures are measured.
   * @throws Error for a request that cannot be sent as written, for example with a line break in a header
   */
  request(request: TimedRequest): Promise<TimedExchange> {
    return new Promise((resolve, reject) => {
      new TimedDispatch(request, this.#pool, { resolve, reject });
    });
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

/**
 * One request and its answer, timed by the HTTP client itself. Durations start when the client gets the request, minus the time
 * that it holds the request.
 */
export type TimedExchange = {
  sentAtMs: number;
  /** Undici waits one event-loop turn to check an idle connection before it writes: this is not the target's time. */
  heldMs: number;
  /** Null if no answer began. */
  status: number | null;
  headers: Record<string, string>;
  /** The `Content-Encoding` of the body, although the request asks for none; null without one. */
  contentEncoding: string | null;
  /** Decoded. */
  body: string;
  /** Decoded pieces of the body, each with the time when it arrived. */
  chunks: { atMs: number; text: string }[];
  firstByteMs: number | null;
  /** To the last byte; null if the answer did not complete. */
  durationMs: number | null;
  /** To the end of the exchange, complete or not. */
  endedMs: number;
  /** Whether the connection had served a request before; null if the request got no connection. */
  connectionReused: boolean | null;
  /** Why there is no complete answer, or null: `timeout`, an error code of the socket or TLS, or a decoding error. */
  failure: string | null;
};

export type TimedRequest = {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  /** Gives up if the answer is not complete after this time. */
  timeoutMs: number;
};

type Settle = {
  resolve: (exchange: TimedExchange) => void;
  reject: (error: Error) => void;
};

type RawHeaders = Record<string, string | string[] | undefined>;

/**
 * One request: it waits for a connection, uses it and gives it back. Undici calls it at each event; it only takes the time then
 * and leaves decoding to the end.
 */
class TimedDispatch implements Dispatcher.DispatchHandler {
  readonly #request: TimedRequest;
  readonly #pool: ConnectionPool;
  readonly #settle: Settle;
  readonly #timer: NodeJS.Timeout;
  #pieces: Piece[] = [];
  #bytes = 0;
  #startMs = performance.now();
  #dispatchedMs = 0;
  #heldMs = 0;
  #connection: Connection | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #hasEnded = false;
  #status: number | null = null;
  #headers: RawHeaders = {};
  #firstByteMs: number | null = null;
  #durationMs: number | null = null;
  #connectionReused: boolean | null = null;

  constructor(request: TimedRequest, pool: ConnectionPool, settle: Settle) {
    this.#request = request;
    this.#pool = pool;
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#giveUp(), request.timeoutMs);
    pool.take(this.#send);
  }

  readonly #send = (connection: Connection): void => {
    this.#connection = connection;
    this.#dispatchedMs = performance.now();
    const { method, path, body = null } = this.#request;
    // Encoding would take the target's time, and decoding ours.
    const headers = { 'accept-encoding': 'identity', ...this.#request.headers };
    // The time-out is ours: it covers the whole exchange.
    const untimed = { headersTimeout: 0, bodyTimeout: 0 };
    connection.client.dispatch({ method, path, headers, body, ...untimed }, this);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const connection = this.#connection as Connection;
    this.#connectionReused = connection.requests > 0;
    connection.requests += 1;
    if (this.#connectionReused) {
      this.#heldMs = performance.now() - this.#dispatchedMs;
      this.#startMs += this.#heldMs;
    }
    // The time-out came while the connection was opening.
    if (this.#hasEnded) controller.abort(new Error('timeout'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: RawHeaders,
  ): void {
    this.#firstByteMs = this.#elapsedMs();
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > MAX_BODY_BYTES) this.#refuseBody(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BODY_BYTES) this.#refuseBody(controller);
    else this.#pieces.push({ atMs: this.#elapsedMs(), bytes });
  }

  /** Drops the body at once: a thousand such answers would fill the memory. */
  #refuseBody(controller: Dispatcher.DispatchController): void {
    this.#pieces = [];
    controller.abort(new Error(BODY_TOO_LARGE));
  }

  onResponseEnd(): void {
    this.#durationMs = this.#elapsedMs();
    this.#end(null);
    this.#giveBack();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (!this.#hasEnded) {
      const failure = describeFailure(error);
      if (failure === 'UND_ERR_INVALID_ARG') this.#settle.reject(error);
      this.#end(failure);
    }
    this.#giveBack();
  }

  #giveUp(): void {
    if (this.#controller !== null) {
      this.#controller.abort(new Error('timeout'));
      return;
    }
    this.#pool.giveUp(this.#send);
    this.#end('timeout');
  }

  #giveBack(): void {
    this.#pool.giveBack(this.#connection as Connection);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  #end(failure: string | null): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    const exchange: UndecodedExchange = {
      sentAtMs: performance.timeOrigin + this.#startMs,
      heldMs: this.#heldMs,
      status: this.#status,
      headers: joinHeaders(this.#headers),
      firstByteMs: this.#firstByteMs,
      durationMs: this.#durationMs,
      endedMs: this.#durationMs ?? this.#elapsedMs(),
      connectionReused: this.#connectionReused,
      failure,
    };
    const contentEncoding = readEncoding(exchange.headers);
    if (contentEncoding === null || this.#pieces.length === 0) {
      this.#settle.resolve(addBody(exchange, this.#pieces, contentEncoding));
      return;
    }
    decodeContent(this.#pieces, contentEncoding)
      .then((decoded) => {
        // An answer that broke off cannot be decoded completely: the first failure counts.
        const read = { ...exchange, failure: failure ?? decoded.failure };
        this.#settle.resolve(addBody(read, decoded.pieces, contentEncoding));
      })
      .catch(this.#settle.reject);
  }
}

type UndecodedExchange = Omit<TimedExchange, 'body' | 'chunks' | 'contentEncoding'>;

function addBody(
  exchange: UndecodedExchange,
  pieces: readonly Piece[],
  contentEncoding: string | null,
): TimedExchange {
  const chunks = decodePieces(pieces, exchange.endedMs);
  const body = chunks.map(({ text }) => text).join('');
  return { ...exchange, contentEncoding, body, chunks };
}

function readEncoding(headers: Record<string, string>): string | null {
  const encoding = headers['content-encoding']?.trim();
  return encoding === undefined || /^(identity)?$/i.test(encoding) ? null : encoding;
}

/** Undici gives the names in lower case. */
function joinHeaders(headers: RawHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

function describeFailure(error: Error & { code?: string }): string {
  if (error.message === 'timeout' || error.message === BODY_TOO_LARGE) return error.message;
  return error.code ?? error.name;
}
