import type { Context } from 'hono';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { AiProvider } from './ai/aiProvider.ts';
import type { AttemptRules } from './ai/attemptRules.ts';
import { type ModelSession, modelSession } from './ai/modelSession.ts';
import type { SessionHistory } from './chat/sessionHistory.ts';
import type { Classification } from './classify/classification.ts';
import type { Clock } from './clock.ts';
import type { TenantTables } from './data/tenantTables.ts';
import type { ApiEnv } from './http/request.ts';
import type { ServiceMetrics } from './metrics.ts';

/** What the handlers work with. */
export type Services = {
  clock: Clock;
  provider: AiProvider;
  rules: AttemptRules;
  /** Shares in [0, 1) that spread the waits between attempts. */
  jitter: () => number;
  /** Makes a classification of what the model wrote. @throws AiCallError `malformed` if it is none */
  readClassification: (text: string) => Classification;
  tables: TenantTables;
  history: SessionHistory;
  metrics: ServiceMetrics;
  /** Checks and signs tokens. */
  key: CryptoKey;
  /** Called with every failure that the caller learns of in general words only. */
  reportFailure: (failure: unknown) => void;
};

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

/** A seeded source of numbers, uniform in [0, 1). */
export function seededShares(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}
