import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './apiEnv.ts';
import { ApiError } from './apiError.ts';

/** For all methods of a path that its handler has not answered. */
export const onlyMethod =
  (allowed: string): MiddlewareHandler<ApiEnv> =>
  async (c) => {
    c.header('Allow', allowed);
    throw new ApiError(405, 'MethodNotAllowed', `${c.req.path} answers ${allowed} only.`);
  };
