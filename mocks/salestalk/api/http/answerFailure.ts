import type { Context } from 'hono';
import { AiCallError } from '../ai/aiCallError.ts';
import type { ApiEnv } from './apiEnv.ts';
import { ApiError } from './apiError.ts';

/** What the caller is told about a failure: nothing that only the operator should know. */
export function publicFailure(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  if (failure instanceof AiCallError) {
    return new ApiError(502, 'AIProviderError', 'The AI provider could not answer.');
  }
  return new ApiError(500, 'InternalServerError', 'Something went wrong on our side.');
}

/** Answers with a failure in the form that all of them have. */
export function answerFailure(failure: unknown, c: Context<ApiEnv>): Response {
  // Nobody is there to read it; the status is for the metrics, and the one that nginx made the custom for this.
  if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
  const error = publicFailure(failure);
  if (error.status === 401) c.header('WWW-Authenticate', 'Bearer');
  return c.json(error.body(c.var.requestId), error.status);
}
