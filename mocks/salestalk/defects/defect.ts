import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../api/clock.ts';
import type { ApiEnv } from '../api/http/apiEnv.ts';

/**
 * A fault planted around `/classify` and `/chat`, to see whether the harness finds it. The product knows nothing of it:
 * a defect is middleware that runs once a request has its id and its time of arrival, and before anything else.
 */
export type Defect = {
  /** As given to `--defect`. */
  name: string;
  /** What it does, for people. */
  description: string;
  plant: (tools: DefectTools) => MiddlewareHandler<ApiEnv>;
};

export type DefectTools = {
  clock: Clock;
  /** Draws seeded numbers, uniform in [0, 1). */
  share: () => number;
};
