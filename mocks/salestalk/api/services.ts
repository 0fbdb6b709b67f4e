import type { Context } from 'hono';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { AiProvider } from './ai/aiProvider.ts';
import type { AttemptRules } from './ai/attemptRules.ts';
import { createModelSession, type ModelSession } from './ai/modelSession.ts';
import type { Classification } from './classify/classification.ts';
import type { Clock } from './clock.ts';
import type { TenantTables } from './data/tenantTables.ts';
import type { ApiEnv } from './http/request.ts';
import type { ServiceMetrics } from './metrics.ts';

/** What the handlers work with. Planted defects replace parts of it. */
export type Services = {
  clock: Clock;
  provider: AiProvider;
  rules: AttemptRules;
  /** Shares in [0, 1) that spread the waits between attempts. */
  jitter: () => number;
  /** Reads the classification in what the model wrote. @throws AiCallError `malformed` if it is none */
  readClassification: (text: string) => Classification;
  tables: TenantTables;
  history: ReturnType<typeof createSessionHistory>;
  metrics: ServiceMetrics;
  key: CryptoKey;
  /** Called with every failure of which the caller sees general words only. */
  reportFailure: (failure: unknown) => void;
};

/** The model calls of one API request: they continue its trace, and end when its caller leaves. */
export function openModelSession(services: Services, c: Context<ApiEnv>): ModelSession {
  const traceparent = c.req.header('traceparent') ?? null;
  return createModelSession({ ...services, signal: c.req.raw.signal, traceparent });
}

export function seededDraw(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Remembers the period that each session asked about last, and forgets the session that was used longest ago first. */
export function createSessionHistory(maxSessions: number) {
  const periods = new Map<string, string | null>();
  // Two tenants may use the same session id. A tenant id holds no slash, so the key is unambiguous.
  const sessionKey = (tenantId: string, sessionId: string): string => `${tenantId}/${sessionId}`;

  return {
    lastPeriod: (tenantId: string, sessionId: string): string | null =>
      periods.get(sessionKey(tenantId, sessionId)) ?? null,
    remember(tenantId: string, sessionId: string, period: string | null): void {
      const key = sessionKey(tenantId, sessionId);
      // A Map keeps the order of insertion: the session used last goes to its end.
      periods.delete(key);
      periods.set(key, period);
      const oldest = periods.keys().next();
      if (periods.size > maxSessions && !oldest.done) periods.delete(oldest.value);
    },
  };
}
