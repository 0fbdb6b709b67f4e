import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { type ApiProcessReading, readApiProcess } from '../probes/apiProcess.ts';
import type { OpenedConnection } from '../probes/connectionPool.ts';
import { TimedClient, type TimedExchange } from '../probes/httpClient.ts';
import { KnownFigures, KnownSessions } from './checkOwnership.ts';
import { REQUEST_ID_HEADER } from './contract.ts';
import { askForeignSession } from './foreignSession.ts';
import {
  type AskOptions,
  type ObservedRequest,
  OPERATIONS,
  observeRequest,
} from './observeRequest.ts';
import { CONNECTIONS, type SentOperation } from './operations.ts';
import { traceparent, withNonce } from './questions.ts';

/** A gateway in front of SalesTalk times out after 30 s, so a longer wait shows nothing. */
const TIMEOUT_MS = 60_000;
/** Reading metrics has its own connections, apart from measured requests. */
const METRICS_CONNECTIONS = 4;

type ApiClientOptions = {
  url: string;
  tokenOf: (tenant: string) => string;
  /** HTTP/1.1 by default. */
  http?: HttpVersion;
  onConnection?: (opened: OpenedConnection) => void;
  /** Called for the first answer with each encoding. */
  onContentEncoding?: (encoding: string) => void;
};

export class ApiClient {
  readonly #http: TimedClient;
  readonly #metrics: TimedClient;
  readonly #basePath: string;
  readonly #tokenOf: (tenant: string) => string;
  readonly #onContentEncoding: ApiClientOptions['onContentEncoding'];
  readonly #encodings = new Set<string>();
  readonly #known = { figures: new KnownFigures(), sessions: new KnownSessions() };

  constructor(options: ApiClientOptions) {
    const { origin, pathname } = new URL(options.url);
    const { http = '1.1', onConnection: onOpen } = options;
    this.#http = new TimedClient(origin, { connections: CONNECTIONS, http, onOpen });
    this.#metrics = new TimedClient(origin, { connections: METRICS_CONNECTIONS, http });
    this.#basePath = pathname.replace(/\/$/, '');
    this.#tokenOf = options.tokenOf;
    this.#onContentEncoding = options.onContentEncoding;
  }

  async ask(operation: SentOperation, options: AskOptions): Promise<ObservedRequest> {
    if (operation === 'foreignSession') {
      return askForeignSession((one) => this.ask('chat', one), options);
    }
    const { tenant, question, place, foreignSessionId, patienceMs } = options;
    const { path, field, accept } = OPERATIONS[operation];
    const requestId = crypto.randomUUID();
    const exchange = await this.send({
      method: 'POST',
      path,
      tenant,
      headers: { accept, traceparent: traceparent(place), [REQUEST_ID_HEADER]: requestId },
      body: { [field]: withNonce(question, place), sessionId: foreignSessionId },
      timeoutMs: patienceMs,
    });
    const streamed = accept === 'application/x-ndjson';
    const token = this.#tokenOf(tenant);
    const asked = { tenant, requestId, place, token, streamed, foreignSessionId };
    return observeRequest(operation, exchange, asked, this.#known);
  }

  /** Sends any request, with the token of the tenant if there is one. */
  async send(request: {
    method: 'GET' | 'POST';
    path: string;
    tenant?: string;
    headers?: Record<string, string>;
    body?: unknown;
    timeoutMs?: number | undefined;
  }): Promise<TimedExchange> {
    const { method, path, tenant, body, timeoutMs = TIMEOUT_MS } = request;
    const exchange = await this.#http.request({
      method,
      path: `${this.#basePath}${path}`,
      headers: {
        ...(tenant === undefined ? {} : { authorization: `Bearer ${this.#tokenOf(tenant)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      timeoutMs,
    });
    const { contentEncoding } = exchange;
    if (contentEncoding !== null && !this.#encodings.has(contentEncoding)) {
      this.#encodings.add(contentEncoding);
      this.#onContentEncoding?.(contentEncoding);
    }
    return exchange;
  }

  /** Round trip of a request that does no work; null if it failed. */
  async noop(): Promise<{ sentAtMs: number; roundTripMs: number } | null> {
    const { sentAtMs, status, durationMs } = await this.send({ method: 'GET', path: '/health' });
    return status === 200 && durationMs !== null ? { sentAtMs, roundTripMs: durationMs } : null;
  }

  /** CPU, memory and event loop of its process from `/metrics`, which takes no token. */
  readProcess(): Promise<ApiProcessReading> {
    return readApiProcess(this.#metrics, `${this.#basePath}/metrics`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#metrics.close()]);
  }
}
