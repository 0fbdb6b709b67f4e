import { alignRows } from '../core/alignedTable.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

export const GAP_STATES = { open: 'open', closed: 'closed', notMeasured: 'not measured' } as const;

/** Two lines for each gap that is listed: what it is and what is planned, and below it what was observed. */
export function gapLines(gaps: Summary['knownGaps']): string[] {
  const heads = alignRows(
    gaps.map(({ id, state, what, release, impact }) => [
      id,
      GAP_STATES[state],
      what,
      `planned for ${release}`,
      `impact ${impact}`,
    ]),
  );
  return gaps.flatMap(({ observed }, at) => [heads[at] ?? '', `  observed: ${observed}`]);
}
