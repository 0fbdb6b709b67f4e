import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../api/http/apiEnv.ts';
import { ApiError } from '../api/http/apiError.ts';

/** Answers a request 500, in the form of the contract and without any work, wherever `hits` says so. */
export const failAnswers = (hits: () => boolean) =>
  createMiddleware<ApiEnv>(async (_, next) => {
    if (hits()) throw new ApiError(500, 'InternalServerError', 'Planted failure.');
    await next();
  });
