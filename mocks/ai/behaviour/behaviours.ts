import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { z } from 'zod';
import { degradedAnswerSchema } from '../answers/degradeAnswer.ts';
import { faultSchema } from '../faults/faults.ts';
import type { PromptKind } from '../prompt/readPrompt.ts';
import { PROVIDER_NAMES } from '../providers/providers.ts';
import { type DrawKey, drawSource, latencySchema } from './latency.ts';

/** Which of the calls that the rest of a match admits: counted in order of arrival, or drawn for each call. */
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
  provider: z.enum(PROVIDER_NAMES).optional(),
  kind: z.enum(['classification', 'narrative']).optional(),
  /** The first attempts of each request at a kind of call. */
  attempts: z.strictObject({ first: z.int().min(1) }).optional(),
  calls: callsSchema.optional(),
});

/**
 * What the mocked model does, as data. Each field but `match` is an aspect. The first behaviour of the list that matches the call
 * and has an aspect decides it. All parts of a match have to hold.
 */
export const behaviourSchema = z.strictObject({
  match: matchSchema.optional(),
  latency: latencySchema.optional(),
  stream: z.strictObject({ firstChunk: latencySchema, betweenChunks: latencySchema }).optional(),
  answer: degradedAnswerSchema.optional(),
  fault: faultSchema.optional(),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

type Aspect = Exclude<keyof Behaviour, 'match'>;

/** An aspect by the first of these behaviours that has it; `null` if none has. */
export function firstAspect<Name extends Aspect>(
  behaviours: readonly Behaviour[],
  name: Name,
): NonNullable<Behaviour[Name]> | null {
  for (const { [name]: aspect } of behaviours) if (aspect !== undefined) return aspect;
  return null;
}

export type MatchedCall = {
  provider: string;
  kind: PromptKind;
  draw: Omit<DrawKey, 'aspect'>;
};

/**
 * The behaviours that apply to a call, in the order of the list. `admitted` counts, for each behaviour, the calls that its match
 * has admitted so far apart from `calls`; this call is added.
 */
export function matchingBehaviours(
  behaviours: readonly Behaviour[],
  admitted: number[],
  call: MatchedCall,
): Behaviour[] {
  return behaviours.filter((behaviour, position) => {
    const match = behaviour.match;
    if (match?.provider !== undefined && match.provider !== call.provider) return false;
    if (match?.kind !== undefined && match.kind !== call.kind) return false;
    if (match?.attempts !== undefined && call.draw.attempt > match.attempts.first) return false;
    const ordinal = (admitted[position] ?? 0) + 1;
    admitted[position] = ordinal;
    const calls = match?.calls;
    if (calls?.first !== undefined) return ordinal <= calls.first;
    if (calls?.every !== undefined) return ordinal % calls.every === 0;
    if (calls?.share !== undefined) {
      const random = drawSource({ ...call.draw, aspect: `share ${position}` });
      return uniformFloat64(random) < calls.share;
    }
    return true;
  });
}
