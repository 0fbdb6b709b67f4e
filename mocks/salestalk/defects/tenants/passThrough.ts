import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import type { Gate } from '../gate.ts';

/** Holds a request back at a gate, as its tenant, and keeps it inside until its answer has ended or its caller has left. */
export const passThrough = (gate: Gate<string>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const leave = await gate.enter(c.var.tenantId, c.req.raw.signal);
    c.env.outgoing.once('close', leave);
    // The answer may have ended, or its reader left, while the request waited at the gate.
    if (c.env.outgoing.closed) leave();
    await next();
  });
