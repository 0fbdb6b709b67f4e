import type { HttpBindings } from '@hono/node-server';

/** What Hono's context holds while an API request is served. */
export type ApiEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** When the request arrived, on the service's monotonic clock. */
    arrivedAtMs: number;
    /** The tenant of the token; there once the token has been checked. */
    tenantId: string;
  };
};
