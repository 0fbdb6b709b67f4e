import type { Context } from 'hono';
import { type ModelSession, modelSession } from './ai/modelSession.ts';
import type { ApiEnv } from './http/apiEnv.ts';
import type { Services } from './services.ts';

/** The model calls of one API request: they carry its trace on and end when its `signal` does. */
export function openModelSession(
  services: Services,
  c: Context<ApiEnv>,
  signal: AbortSignal,
): ModelSession {
  const { provider, rules, clock, jitter } = services;
  const traceparent = c.req.header('traceparent') ?? null;
  return modelSession({ provider, rules, clock, jitter, signal, traceparent });
}
