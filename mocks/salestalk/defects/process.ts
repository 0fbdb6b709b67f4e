import type { Socket } from 'node:net';
import { createMiddleware } from 'hono/factory';
import type { AiProvider } from '../api/ai/aiProvider.ts';
import { wait } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { createGate, guardCalls } from './gate.ts';

const WARM_UP_MS = 100;
const CONNECTIONS = 4;
// In Node and Deno a pointer of V8 takes eight bytes. An array takes four of them, and its elements two and one each.
const POINTER_BYTES = 8;
const LEAKED_POINTERS = (5 * 1024) / POINTER_BYTES - 6;

/** The process of the service: its start, its connections and its heap. */
export const PROCESS_DEFECTS: readonly Defect[] = [
  {
    // The delay stands for DNS and TLS: on one machine the handshake itself cannot be slowed down.
    name: 'cold-connections',
    description: 'no connection is kept alive, and on a new one an answer comes 100 ms late',
    beforeListening(server) {
      server.maxRequestsPerSocket = 1;
    },
    around: ({ clock }) => {
      const warm = new WeakSet<Socket>();
      return createMiddleware<ApiEnv>(async (c, next) => {
        const { socket } = c.env.incoming;
        if (!warm.has(socket)) await wait(clock, WARM_UP_MS, c.req.raw.signal);
        warm.add(socket);
        await next();
      });
    },
  },
  {
    // A pool that is too small for the load. The wait for a connection counts towards the attempt's time-out.
    name: 'four-connections',
    description: 'no more than four calls of the model at a time; the others wait their turn',
    services: (services) => ({ ...services, provider: poolCalls(services.provider) }),
  },
  {
    name: 'api-leak',
    description: "each request leaves 5 KB in the process's heap",
    around: () => {
      const leaked: number[][] = [];
      return createMiddleware<ApiEnv>(async (_, next) => {
        leaked.push(Array.from({ length: LEAKED_POINTERS }, (_, index) => index));
        await next();
      });
    },
  },
  {
    name: 'slow-start',
    description: 'the process listens 2 s late',
    beforeListening: (_, { clock }) => wait(clock, 2000, new AbortController().signal),
  },
];

function poolCalls(provider: AiProvider): AiProvider {
  const pool = createGate<null>((_, inside) => inside.size < CONNECTIONS);
  return guardCalls(provider, async ({ signal }) => {
    const leave = await pool.enter(null, signal);
    // An aborted call holds no connection, even if its stream is never read again.
    signal.addEventListener('abort', leave, { once: true });
    return () => {
      signal.removeEventListener('abort', leave);
      leave();
    };
  });
}
