import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Defect } from '../defect.ts';
import { tenantLock } from './tenantLock.ts';

const longestWaitMs = 3_000;

/** A service in which a tenant that never pauses has it to itself. The wait is bounded: requests come late, none is lost. */
export const starvedTenants: Defect = {
  name: 'starved-tenants',
  description: 'while a tenant has requests under way, those of all others wait, up to 3 s',
  inside: ({ clock }) => {
    const lock = tenantLock(clock, longestWaitMs);
    return createMiddleware<ApiEnv>(async (c, next) => {
      const leave = await lock.enter(c.var.tenantId, c.req.raw.signal);
      c.env.outgoing.once('close', leave);
      // The answer may have ended, or its reader left, while the request waited at the lock.
      if (c.env.outgoing.closed) leave();
      await next();
    });
  },
};
