import type { AiProvider } from './ai/aiProvider.ts';
import type { AttemptRules } from './ai/attemptRules.ts';
import type { SessionHistory } from './chat/sessionHistory.ts';
import type { Classification } from './classify/classificationSchema.ts';
import type { Clock } from './clock.ts';
import type { TenantTables } from './data/tenantTables.ts';
import type { ServiceMetrics } from './metrics/serviceMetrics.ts';

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
  /** Told of every failure that the caller only hears of in general words. */
  reportFailure: (failure: unknown) => void;
};
