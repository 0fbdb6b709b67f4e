import { Client } from 'undici';

/** A keep-alive connection that carries one request at a time. Where it breaks, the next request opens it anew. */
export type Connection = {
  client: Client;
  /** Begun on it since it was opened last. */
  requests: number;
};

/** What is done with a connection once there is one. */
export type Use = (connection: Connection) => void;

const KEEP_ALIVE_MS = 30_000;

/**
 * Connections to one origin, opened as they are needed, so many at most; whoever finds none free gets the next one, first come, first
 * served. Instead of undici's own pool, which does not tell what travels on which connection, and looks at all of them for each request.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #most: number;
  readonly #all: Connection[] = [];
  /** The one used last is used next, so that no more are kept alive than it takes. */
  readonly #free: Connection[] = [];
  readonly #waiting = new Set<Use>();
  #isDestroyed = false;

  constructor(origin: string, most: number) {
    this.#origin = origin;
    this.#most = most;
  }

  /** Calls back at once where a connection is free; it must be given back. */
  take(use: Use): void {
    const connection = this.#free.pop() ?? this.#open();
    if (connection === null) this.#waiting.add(use);
    else use(connection);
  }

  giveBack(connection: Connection): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free.push(connection);
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

  #open(): Connection | null {
    if (this.#all.length === this.#most) return null;
    const client = new Client(this.#origin, { pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS });
    if (this.#isDestroyed) void client.destroy();
    const connection: Connection = { client, requests: 0 };
    client.on('connect', () => {
      connection.requests = 0;
    });
    this.#all.push(connection);
    return connection;
  }
}
