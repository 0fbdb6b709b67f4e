import type { Objective } from '../budget/objective.ts';
import { expectedJudged } from './expectedJudged.ts';
import type { Load } from './loadSchema.ts';
import { FEWEST_IN_WINDOW, loadUnitOf } from './loadUnit.ts';

/** Fewer than expected may come: arrivals by chance, and answers that fail have no latency. */
const MARGIN = 0.95;

/** Requests in a window of a load; none where it has no windows, or nobody knows how many requests there will be. */
export function windowSizeOf(
  objective: Pick<Objective, 'metric' | 'sampleBudget'>,
  load: Load,
): { windowSize?: number } {
  const requests = loadUnitOf(objective) === 'window' ? expectedJudged(load) : null;
  if (requests === null) return {};
  const size = Math.floor((requests * MARGIN) / objective.sampleBudget);
  return { windowSize: Math.max(size, FEWEST_IN_WINDOW) };
}
