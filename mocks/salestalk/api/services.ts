import type { AiPolicy } from './ai/aiPolicy.ts';
import type { AiProvider } from './ai/aiProvider.ts';
import type { SessionHistory } from './chat/sessionHistory.ts';
import type { Clock } from './clock.ts';
import type { TenantTables } from './data/tenantTables.ts';
import type { ServiceMetrics } from './metrics/serviceMetrics.ts';

/** What the handlers work with. */
export type Services = {
  clock: Clock;
  provider: AiProvider;
  policy: AiPolicy;
  /** Shares in [0, 1) that spread the waits between attempts. */
  jitter: () => number;
  tables: TenantTables;
  history: SessionHistory;
  metrics: ServiceMetrics;
  /** Checks and signs tokens. */
  key: CryptoKey;
  /** Told of every failure that the caller only hears of in general words. */
  reportFailure: (failure: unknown) => void;
};
