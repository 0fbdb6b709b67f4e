import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/request.ts';
import type { Defect } from './defect.ts';
import { createGate, createOwnerLock, type Gate, haveOwner } from './gate.ts';
import { rewriteAnswers } from './rewriteAnswers.ts';

const FOREIGN_SHARE = 1 / 500;
const LONGEST_WAIT_MS = 3_000;

/** Tenants that see each other's data, or wait for each other. */
export const TENANT_DEFECTS: readonly Defect[] = [
  {
    // Rare enough to pass a quick check.
    name: 'cross-tenant',
    description:
      "1 answer in 500, drawn by the seed, is another tenant's: figures and tables of a chat, tenantId of a classification",
    services: (services, { draw, tenantIds }) => ({
      ...services,
      tables: {
        ...services.tables,
        readRows: (tenantId, metric) =>
          services.tables.readRows(
            draw() < FOREIGN_SHARE ? nextTenant(tenantId, tenantIds) : tenantId,
            metric,
          ),
      },
    }),
    around: ({ draw, tenantIds }) =>
      rewriteAnswers((answer) =>
        typeof answer.tenantId === 'string' && draw() < FOREIGN_SHARE
          ? { ...answer, tenantId: nextTenant(answer.tenantId, tenantIds) }
          : answer,
      ),
  },
  {
    name: 'shared-session',
    description: "a session id that another tenant uses continues that tenant's session",
    services: (services) => ({
      ...services,
      history: {
        lastPeriod: (_, sessionId) => services.history.lastPeriod('everyone', sessionId),
        remember: (_, sessionId, period) =>
          services.history.remember('everyone', sessionId, period),
      },
    }),
  },
  {
    // The wait is bounded: requests come late, none is lost.
    name: 'starved-tenants',
    description: 'while a tenant has requests under way, those of all others wait, up to 3 s',
    inside: ({ clock }) => passGate(createOwnerLock(clock, LONGEST_WAIT_MS)),
  },
  {
    // One tenant alone notices nothing. Unlike `starved-tenants` it is fair.
    name: 'tenant-turns',
    description:
      'requests of different tenants never run at the same time: first come, first served',
    inside: () =>
      passGate(
        createGate(
          (tenantId, inside, waiting) =>
            inside.size === 0 || (haveOwner(inside, tenantId) && haveOwner(waiting, tenantId)),
        ),
      ),
  },
];

/** The next tenant in a list; after the last one comes the first. */
function nextTenant(tenantId: string, tenantIds: readonly string[]): string {
  const next = tenantIds[(tenantIds.indexOf(tenantId) + 1) % tenantIds.length];
  if (next === undefined || next === tenantId) throw new RangeError('There is no other tenant');
  return next;
}

/** Lets a request in at a gate, with its tenant as owner, until its answer has ended or its caller has left. */
function passGate(gate: Gate<string>): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const leave = await gate.enter(c.var.tenantId, c.req.raw.signal);
    c.env.outgoing.once('close', leave);
    // The answer may have ended, or its reader left, while the request waited at the gate.
    if (c.env.outgoing.closed) leave();
    await next();
  });
}
