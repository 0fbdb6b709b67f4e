import type { Server } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/apiEnv.ts';
import type { Services } from '../api/services.ts';
import type { UiSeams } from '../ui/routes.ts';

/** A fault planted to see whether the harness finds it. The product knows nothing of it: what it works with is changed. */
export type Defect = {
  /** As given to `--defect`. */
  name: string;
  /** What it does, for people. */
  description: string;
  /** Middleware of `/classify` and `/chat`: runs once a request has its id and time of arrival, before anything else. */
  around?: (tools: DefectTools) => MiddlewareHandler<ApiEnv>;
  /** Middleware of `/classify` and `/chat` that runs once a request has its tenant. */
  inside?: (tools: DefectTools) => MiddlewareHandler<ApiEnv>;
  /** Other services in the place of these. */
  services?: (services: Services, tools: DefectTools) => Services;
  /** What it changes about the page. */
  page?: (tools: DefectTools) => PageChange;
  /** Runs before the server listens, which waits for it. */
  beforeListening?: (server: Server, tools: DefectTools) => void | Promise<void>;
};

export type PageChange = Partial<UiSeams>;

export type DefectTools = {
  clock: Clock;
  /** Draws seeded numbers, uniform in [0, 1). */
  share: () => number;
  /** Where the model answers. */
  aiUrl: string;
  /** All tenants there are, at least two. */
  tenantIds: readonly string[];
};
