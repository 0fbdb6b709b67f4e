import type { Behaviour } from './behaviourSchema.ts';

type Aspect = Exclude<keyof Behaviour, 'match'>;

/** An aspect of what a call meets: the first of the behaviours that has it decides. `null`: none has it. */
export function firstAspect<Name extends Aspect>(
  behaviours: readonly Behaviour[],
  name: Name,
): NonNullable<Behaviour[Name]> | null {
  for (const { [name]: aspect } of behaviours) if (aspect !== undefined) return aspect;
  return null;
}
