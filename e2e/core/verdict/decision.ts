import type { Judgement } from './verdict.ts';

/** The part of a judgement that a rule decides. */
export type Decision = Pick<Judgement, 'verdict' | 'reason' | 'stillNeeded'>;

/** 2301 → "2,301". */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}
