import type { Socket } from 'node:net';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import { wait } from '../../api/wait.ts';
import type { Defect } from '../defect.ts';

const warmUpMs = 100;

/**
 * A service that keeps no connection alive, so that every request pays for a new one. What DNS and TLS would cost on the way to
 * a distant one stands in the wait for the first answer: a handshake on one machine is the kernel's, which nobody can slow down.
 */
export const coldConnections: Defect = {
  name: 'cold-connections',
  description: 'no connection is kept alive, and on a new one an answer comes 100 ms late',
  beforeListening(server) {
    server.maxRequestsPerSocket = 1;
  },
  around: ({ clock }) => {
    const warm = new WeakSet<Socket>();
    return createMiddleware<ApiEnv>(async (c, next) => {
      const { socket } = c.env.incoming;
      if (!warm.has(socket)) await wait(clock, warmUpMs, c.req.raw.signal);
      warm.add(socket);
      await next();
    });
  },
};
