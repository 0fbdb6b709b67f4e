import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import { ConnectionPool, type PoolOptions } from './connectionPool.ts';
import { TimedDispatch } from './timedDispatch.ts';
import type { TimedExchange, TimedRequest } from './timedExchange.ts';

export type { TimedExchange, TimedRequest } from './timedExchange.ts';

/** A client for one origin with keep-alive connections, which does not follow redirects. HTTP/1.1 unless another version is asked for. */
export class TimedClient {
  readonly #pool: ConnectionPool;

  constructor(
    origin: string,
    options: Pick<PoolOptions, 'connections' | 'onOpen'> & { http?: HttpVersion },
  ) {
    this.#pool = new ConnectionPool(origin, { http: '1.1', ...options });
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
