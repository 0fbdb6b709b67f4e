import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './apiEnv.ts';

/** Marks an answer as one tenant's: no cache may keep it, no browser may take it for anything but what it says it is. */
export const privateAnswer = createMiddleware<ApiEnv>(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  c.header('X-Content-Type-Options', 'nosniff');
  await next();
});
