import { type Objective, percent } from '../budget/objective.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { type Decision, formatCount } from './decision.ts';
import { describeBad } from './describeBad.ts';

/**
 * Decides an objective that allows not one bad event: the first decides, and to pass takes the declared number without one. No number
 * establishes "never", so the reason says what this one does.
 */
export function decideNever(
  objective: Objective,
  bad: number,
  n: number,
  passAlpha: number,
): Decision {
  const seen = `${bad === 0 ? 'none in' : `${formatCount(bad)} of`} ${formatCount(n)} ${describeBad(objective)}`;
  if (bad > 0) return { verdict: 'fail', reason: `${seen}: not one may`, stillNeeded: null };
  const upper = exactUpperBound(0, n, passAlpha);
  const reason = `${seen}: below ${percent(upper, 2)} at ${percent(1 - passAlpha)}`;
  const stillNeeded = objective.sampleBudget - n;
  if (stillNeeded <= 0) return { verdict: 'pass', reason, stillNeeded: null };
  return {
    verdict: 'inconclusive',
    reason: `${reason}; ${formatCount(objective.sampleBudget)} were to be judged, ${formatCount(stillNeeded)} are missing`,
    stillNeeded,
  };
}
