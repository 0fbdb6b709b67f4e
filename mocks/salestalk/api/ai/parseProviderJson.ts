import type { z } from 'zod';
import { AiCallError } from './aiCallError.ts';

/** Reads what a provider (not the model) wrote around the model's words. @throws AiCallError `malformed` */
export function parseProviderJson<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AiCallError('malformed', 'the provider answered something that is not JSON', {
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AiCallError('malformed', 'the provider answered JSON of another shape', {
    cause: parsed.error,
  });
}
