import type { Judgement } from './judgement.ts';

/** The part of a judgement that a rule decides. */
export type Decision = Pick<Judgement, 'verdict' | 'reason' | 'stillNeeded'>;

// Made once: made anew for each number it took a fifth of the time of a verdict.
const COUNT_FORMAT = new Intl.NumberFormat('en-US');

/** 2301 → "2,301". */
export function formatCount(n: number): string {
  return COUNT_FORMAT.format(n);
}
