import { z } from 'zod';
import { degradedAnswerSchema } from './degradedAnswerSchema.ts';
import { faultSchema } from './faultSchema.ts';

const LONGEST_MS = 600_000;
const durationMs = z.number().min(0).max(LONGEST_MS);
const positiveMs = z.number().gt(0).max(LONGEST_MS);

/** A distribution of durations, in milliseconds. A log-normal one is given by its median and its 95th percentile. */
export const latencySchema = z.discriminatedUnion('distribution', [
  z.strictObject({ distribution: z.literal('constant'), ms: durationMs }),
  z
    .strictObject({ distribution: z.literal('uniform'), minMs: durationMs, maxMs: durationMs })
    .refine((latency) => latency.maxMs >= latency.minMs, {
      path: ['maxMs'],
      error: 'expected at least minMs',
    }),
  z
    .strictObject({
      distribution: z.literal('logNormal'),
      medianMs: positiveMs,
      p95Ms: positiveMs,
    })
    .refine((latency) => latency.p95Ms >= latency.medianMs, {
      path: ['p95Ms'],
      error: 'expected at least medianMs',
    }),
]);

/** Which of the calls that the rest of the match admits, counted within the scope in order of arrival, or drawn for each. */
const callsSchema = z
  .strictObject({
    first: z.int().min(1).optional(),
    every: z.int().min(1).optional(),
    share: z.number().min(0).max(1).optional(),
  })
  .refine((calls) => Object.keys(calls).length === 1, {
    error: 'expected exactly one of first, every and share',
  });

const matchSchema = z.strictObject({
  provider: z.enum(['ollama', 'bedrock']).optional(),
  kind: z.enum(['classification', 'narrative']).optional(),
  /** The first attempts of a request at a kind of call; its later ones are well. */
  attempts: z.strictObject({ first: z.int().min(1) }).optional(),
  calls: callsSchema.optional(),
});

/**
 * What the mocked model does, as data. Each field but `match` is an aspect; for each aspect the first behaviour of the
 * list that matches the call and has the aspect decides. All parts of a match have to hold.
 */
export const behaviourSchema = z.strictObject({
  match: matchSchema.optional(),
  latency: latencySchema.optional(),
  stream: z.strictObject({ firstChunk: latencySchema, betweenChunks: latencySchema }).optional(),
  answer: degradedAnswerSchema.optional(),
  fault: faultSchema.optional(),
});

export type Latency = z.infer<typeof latencySchema>;
export type Behaviour = z.infer<typeof behaviourSchema>;
