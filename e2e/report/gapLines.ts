import type { Summary } from '../core/verdict/runSummary.ts';
import { wrapText } from '../core/wrapText.ts';

export const GAP_STATES = { open: 'open', closed: 'closed', notMeasured: 'not measured' } as const;

/** For each gap that is listed, what it is and what is planned, and below it what was observed. */
export function gapLines(gaps: Summary['knownGaps']): string[] {
  return gaps.flatMap(({ id, state, what, release, impact, observed }) => [
    wrapText(`${id} (${GAP_STATES[state]}): ${what}; planned for ${release}, impact ${impact}`, 4),
    `  ${wrapText(`observed: ${observed}`, 6)}`,
  ]);
}
