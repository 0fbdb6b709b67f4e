import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { trustedAuthorities } from './certificates.ts';

/** A keep-alive connection. Where it breaks, the next request opens it anew. */
export type Connection = {
  client: Client;
  /** Begun on it since it was opened last. */
  requests: number;
  underWay: number;
};

/** What is done with a connection once there is one. */
type Use = (connection: Connection) => void;

export type PoolOptions = ConnectorOptions & {
  /** At most so many at a time. */
  connections: number;
};

const KEEP_ALIVE_MS = 30_000;
/** Requests on one connection at a time. HTTP/2 servers allow 100 or more (RFC 9113, 6.5.2), and clients share one connection up to there. */
const AT_ONCE = { '1.1': 1, '2': 100 } as const;

/**
 * Connections to one origin, opened as they are needed, so many at most; whoever finds none free gets the next one, first come, first
 * served. Instead of undici's own pool, which does not tell what travels on which connection, and looks at all of them for each request.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #options: PoolOptions;
  readonly #connect: ReturnType<typeof httpConnector>;
  readonly #all: Connection[] = [];
  /** Those with room. The one used last is used next, so that no more are kept alive than it takes. */
  readonly #free: Connection[] = [];
  readonly #waiting = new Set<Use>();
  #isDestroyed = false;

  constructor(origin: string, options: PoolOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#connect = httpConnector(origin, options);
  }

  /** Calls back at once where a connection is free; it must be given back. */
  take(use: Use): void {
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

  /** Does not wait any longer. */
  giveUp(use: Use): void {
    this.#waiting.delete(use);
  }

  /** Breaks off what is under way. Whoever waits, or comes later, gets a connection that does no more, and hears of it in that way. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    await Promise.all(this.#all.map(({ client }) => client.destroy()));
  }

  #isFull({ underWay }: Connection): boolean {
    return underWay === AT_ONCE[this.#options.http];
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

/** A connection as it was opened. */
export type OpenedConnection = {
  openedAtMs: number;
  http: HttpVersion;
  /** Such as TLSv1.3; null without TLS. */
  tls: string | null;
};

/** The failure of a request where the target does not speak the protocol that was asked for. */
const HTTP2_NOT_SPOKEN = 'HTTP2_NOT_SPOKEN';

type ConnectorOptions = {
  /** Left to itself, undici takes HTTP/2 wherever TLS offers it. */
  http: HttpVersion;
  onOpen?: ((opened: OpenedConnection) => void) | undefined;
};

/**
 * Opens connections that speak this protocol and no other. TLS is checked against the usual authorities and those of NODE_EXTRA_CA_CERTS.
 * @throws HarnessError ENVIRONMENT_INVALID for a file of authorities that cannot be read
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
    tls: secure === null ? null : secure.getProtocol(),
  };
}
