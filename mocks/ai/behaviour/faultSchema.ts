import { z } from 'zod';

const LONGEST_RETRY_AFTER_SECONDS = 86_400;
const MOST_BYTES_PER_SECOND = 1e9;

const delaySeconds = z.int().min(0).max(LONGEST_RETRY_AFTER_SECONDS);

/** Both forms of the Retry-After header (RFC 9110, 10.2.3). */
const retryAfterSchema = z
  .strictObject({
    seconds: delaySeconds.optional(),
    date: z.strictObject({ inSeconds: delaySeconds }).optional(),
  })
  .refine((retryAfter) => Object.keys(retryAfter).length === 1, {
    error: 'expected exactly one of seconds and date',
  });

/**
 * What goes wrong with an answer on its way. The latency comes first: a 503 leaves after it, and so does a reset.
 * `rateLimit` is 429 in the provider's own words. `reset` breaks the connection off, before the answer or half way through it;
 * `hang` never answers; `trickle` sends few bytes at a time; `truncate` ends half way, without an error.
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('rateLimit'), retryAfter: retryAfterSchema.optional() }),
  z.strictObject({ kind: z.literal('reset'), when: z.enum(['before', 'middle']) }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({
    kind: z.literal('trickle'),
    bytesPerSecond: z.number().min(1).max(MOST_BYTES_PER_SECOND),
  }),
  z.strictObject({ kind: z.literal('truncate') }),
]);

export type RetryAfter = z.infer<typeof retryAfterSchema>;
export type Fault = z.infer<typeof faultSchema>;

/** A fault that takes the place of the answer: the provider refuses the call. */
export type RefusalFault = Extract<Fault, { kind: 'status' | 'rateLimit' }>;
/** A fault of the connection, which the answer itself knows nothing of. */
export type TransportFault = Exclude<Fault, RefusalFault>;
