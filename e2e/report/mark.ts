import type { Summary } from '../core/verdict/runSummary.ts';
import type { VerdictName } from '../core/verdict/verdict.ts';

/** What a reader is told of an objective in a word: its verdict, or that it is missed and known to be. */
export type Mark = VerdictName | 'knownGap';

export function markOf({
  verdict,
  knownGap,
}: Pick<Summary['objectives'][number], 'verdict' | 'knownGap'>): Mark {
  return knownGap === null ? verdict : 'knownGap';
}

/** `PASS`, `KNOWN GAP`. */
export function markText(mark: Mark): string {
  return mark === 'knownGap' ? 'KNOWN GAP' : mark.toUpperCase();
}
