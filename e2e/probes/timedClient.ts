import { ConnectionPool } from './connectionPool.ts';
import { TimedDispatch } from './timedDispatch.ts';
import type { TimedExchange, TimedRequest } from './timedExchange.ts';

export type { TimedExchange, TimedRequest } from './timedExchange.ts';

/** An HTTP/1.1 client for one origin with keep-alive connections, which does not follow redirects. */
export class TimedClient {
  readonly #pool: ConnectionPool;

  constructor(origin: string, connections: number) {
    this.#pool = new ConnectionPool(origin, connections);
  }

  /**
   * A failure is part of what was measured, and no error.
   * @throws Error for a request that cannot be sent as written, such as one with a line break in a header
   */
  request(request: TimedRequest): Promise<TimedExchange> {
    return new Promise((resolve, reject) => {
      new TimedDispatch(request, this.#pool, { resolve, reject });
    });
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
