import { z } from 'zod';
import { behaviourSchema } from '../behaviour/behaviourSchema.ts';

const LONGEST_TTL_SECONDS = 60;
const MOST_BEHAVIOURS = 100;

/** The body of PUT /scopes/:scope. */
export const scopeBodySchema = z.strictObject({
  seed: z.int(),
  behaviours: z.array(behaviourSchema).max(MOST_BEHAVIOURS),
  ttlSeconds: z.number().min(1).max(LONGEST_TTL_SECONDS).default(LONGEST_TTL_SECONDS),
});
