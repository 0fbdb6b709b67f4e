import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/apiEnv.ts';
import { ApiError } from '../api/http/apiError.ts';
import type { Defect } from './defect.ts';

/** A service that is quick and right when it answers, and now and then does not. */
export const twoPercentErrors: Defect = {
  name: 'two-percent-errors',
  description: '2 % of the requests, drawn by the seed, are answered 500',
  around: ({ share }) =>
    createMiddleware<ApiEnv>(async (_, next) => {
      if (share() < 0.02) throw new ApiError(500, 'InternalServerError', 'Planted failure.');
      await next();
    }),
};
