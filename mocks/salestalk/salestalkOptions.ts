import type { AiPolicy } from './api/ai/aiPolicy.ts';
import type { AiSettings } from './api/ai/aiSettings.ts';

/** Everything that makes one embedded SalesTalk differ from another. */
export type SalestalkOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** HS256 secret of the tokens. */
  jwtSecret: string;
  ai: AiSettings;
  policy: AiPolicy;
  /** Tenants beyond the two of the seed data. */
  extraTenantCount: number;
  /** Names of planted faults; none for the clean product. */
  defects: readonly string[];
  /** Of the retries' jitter and of the defects' draws. */
  seed: number;
  /** Collect the garbage before the metrics are read, so that the heap in use is what is held on to. */
  gcOnMetrics: boolean;
  /** Offer the page's visitors a way in without a token. */
  demoSignIn: boolean;
};
