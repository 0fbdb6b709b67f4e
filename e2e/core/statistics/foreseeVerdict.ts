import { designEffect } from './designEffect.ts';
import { eventsNeeded } from './eventsNeeded.ts';
import type { EventTally } from './eventTally.ts';
import { verdictOfCounts } from './shareTest.ts';
import type { ShareTestPlan } from './shareTestPlan.ts';

/** What will become of a sample if its events go on as they did. */
export type Foresight =
  | { kind: 'clear'; n: number; verdict: 'pass' | 'fail' }
  /** The share of bad ones is next to the allowed one. */
  | { kind: 'boundary' };

export function foreseeVerdict(tally: EventTally, plan: ShareTestPlan): Foresight {
  const effect = designEffect(tally) ?? 1;
  const needed = eventsNeeded(tally.bad, tally.n, verdictOfCounts(plan, effect));
  if (needed === null || needed.verdict === 'inconclusive') return { kind: 'boundary' };
  return { kind: 'clear', n: needed.n, verdict: needed.verdict };
}
