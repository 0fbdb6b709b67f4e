import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { PromptKind, Provider } from '../callKinds.ts';
import type { Behaviour } from './behaviourSchema.ts';
import { type DrawKey, drawSource } from './drawSource.ts';

export type MatchedCall = {
  provider: Provider;
  kind: PromptKind;
  draw: Omit<DrawKey, 'aspect'>;
};

/**
 * The behaviours that apply to a call, in the order of the list.
 * `admitted` counts, for each behaviour, the calls that the rest of its match has admitted so far; it is counted up here.
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
