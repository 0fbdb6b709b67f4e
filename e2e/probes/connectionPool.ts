import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { trustedAuthorities } from './certificates.ts';

/** A keep-alive connection. If it breaks, the next request opens it again. */
export type Connection = {
  client: Client;
  /** Requests begun since it was last opened. */
  requests: number;
  underWay: number;
};

type OnConnection = (connection: Connection) => void;

export type PoolOptions = ConnectorOptions & {
  connections: number;
};

const KEEP_ALIVE_MS = 30_000;
/** Requests on one connection at a time. HTTP/2 servers allow 100 or more (RFC 9113, 6.5.2). */
const MAX_CONCURRENT = { '1.1': 1, '2': 100 } as const;

/**
 * Connections to one origin, opened on demand up to a maximum; further requests wait in order of arrival. Undici's own pool does
 * not tell which request uses which connection, and searches all connections for each request.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #options: PoolOptions;
  readonly #connect: ReturnType<typeof httpConnector>;
  readonly #all: Connection[] = [];
  /** Connections with room. The one used last is used next, so that idle ones can close. */
  readonly #free: Connection[] = [];
  readonly #waiting = new Set<OnConnection>();
  #isDestroyed = false;

  constructor(origin: string, options: PoolOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#connect = httpConnector(origin, options);
  }

  /** Calls `use` as soon as a connection is free; the caller must give it back. */
  take(use: OnConnection): void {
    const connection = this.#free.at(-1) ?? this.#open();
    if (connection === null) {
      this.#waiting.add(use);
      return;
    }
    connection.underWay += 1;
    if (this.#isFull(connection)) this.#free.pop();
    use(connection);
  }

  giveBack(connection: Connection): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      if (this.#isFull(connection)) this.#free.push(connection);
      connection.underWay -= 1;
      return;
    }
    this.#waiting.delete(next);
    next(connection);
  }

  giveUp(use: OnConnection): void {
    this.#waiting.delete(use);
  }

  /** Ends the requests under way. Waiting and later requests get a destroyed connection and so fail. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    await Promise.all(this.#all.map(({ client }) => client.destroy()));
  }

  #isFull({ underWay }: Connection): boolean {
    return underWay === MAX_CONCURRENT[this.#options.http];
  }

  #open(): Connection | null {
    if (this.#all.length === this.#options.connections) return null;
    const client = new Client(this.#origin, {
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      allowH2: this.#options.http === '2',
      connect: this.#connect,
    });
    if (this.#isDestroyed) void client.destroy();
    const connection: Connection = { client, requests: 0, underWay: 0 };
    client.on('connect', () => {
      connection.requests = 0;
    });
    this.#all.push(connection);
    this.#free.push(connection);
    return connection;
  }
}

export type OpenedConnection = {
  openedAtMs: number;
  http: HttpVersion;
  /** For example TLSv1.3; null without TLS. */
  tls: string | null;
};

/** The failure of a request when the target does not speak the wanted HTTP version. */
const HTTP2_NOT_SPOKEN = 'HTTP2_NOT_SPOKEN';

type ConnectorOptions = {
  /** Without it, undici takes HTTP/2 wherever TLS offers it. */
  http: HttpVersion;
  onOpen?: ((opened: OpenedConnection) => void) | undefined;
};

/**
 * Opens connections that speak this HTTP version only. TLS trusts the usual authorities and those of NODE_EXTRA_CA_CERTS.
 * @throws HarnessError ENVIRONMENT_INVALID if the file of authorities cannot be read
 */
function httpConnector(
  origin: string,
  { http, onOpen }: ConnectorOptions,
): buildConnector.connector {
  const secureContext = origin.startsWith('https:') ? trustedAuthorities() : null;
  const connect = buildConnector({
    ...(secureContext === null ? {} : { secureContext }),
    allowH2: http === '2',
    preferH2: true,
  });
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const opened = describeSocket(socket);
      if (opened.http !== http) {
        socket.destroy();
        callback(Object.assign(new Error(HTTP2_NOT_SPOKEN), { code: HTTP2_NOT_SPOKEN }), null);
        return;
      }
      onOpen?.(opened);
      callback(null, socket);
    });
}

function describeSocket(socket: Socket | TLSSocket): OpenedConnection {
  const secure = 'alpnProtocol' in socket ? socket : null;
  return {
    openedAtMs: performance.timeOrigin + performance.now(),
    http: secure?.alpnProtocol === 'h2' ? '2' : '1.1',
    tls: secure?.getProtocol() ?? null,
  };
}
