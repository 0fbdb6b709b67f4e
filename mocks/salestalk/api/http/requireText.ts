import { validationError } from './validationError.ts';

const maxCharacters = 10_000;

/** The question in `body[field]`. @throws ApiError 400 if it is missing, not a string, blank or too long */
export function requireText(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (value === undefined || value === null) throw validationError(`"${field}" is missing.`);
  if (typeof value !== 'string') throw validationError(`"${field}" is not a string.`);
  if (value.trim() === '') throw validationError(`"${field}" is blank.`);
  if (value.length > maxCharacters) {
    throw validationError(`"${field}" is longer than ${maxCharacters} characters.`);
  }
  return value;
}
