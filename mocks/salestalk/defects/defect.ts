import type { Server } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/request.ts';
import type { Services } from '../api/services.ts';
import type { UiOverrides } from '../ui/routes.ts';

/** A fault that the harness must find. SalesTalk's own code knows of none: a defect replaces its services, or wraps its routes. */
export type Defect = {
  name: string;
  /** What it does, for `--help`. */
  description: string;
  /** Middleware of `/classify` and `/chat`: runs once a request has its id and time of arrival, before anything else. */
  around?: (tools: DefectTools) => MiddlewareHandler<ApiEnv>;
  /** Middleware of `/classify` and `/chat` that runs once a request has its tenant. */
  inside?: (tools: DefectTools) => MiddlewareHandler<ApiEnv>;
  services?: (services: Services, tools: DefectTools) => Services;
  page?: (tools: DefectTools) => PageChange;
  /** Runs before the server listens, which waits for it. */
  beforeListening?: (server: Server, tools: DefectTools) => void | Promise<void>;
};

export type PageChange = Partial<UiOverrides>;

export type DefectTools = {
  clock: Clock;
  draw: () => number;
  aiUrl: string;
  /** All tenants, at least two. */
  tenantIds: readonly string[];
};
