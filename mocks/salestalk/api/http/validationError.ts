import { ApiError } from './apiError.ts';

/** The caller's mistake, with the words that say what it was. */
export function validationError(message: string): ApiError {
  return new ApiError(400, 'ValidationError', message);
}
