import { bisect } from '../../core/statistics/bisect.ts';
import type { Interval } from '../../core/verdict/verdict.ts';

/** Stakes per unit of log ratio: the largest is at home with shifts of some 2 %, the smallest with 30 % and noise. */
const STAKES = [3, 6, 12, 24, 48];

/** Of the ends of an interval, in log ratio: far below what anybody can measure. */
const TOLERANCE = 1e-9;

/**
 * Logarithm of the evidence that values lie above `shift` (or below, for direction −1). Each value x multiplies the evidence by
 * exp(λx) / cosh(λx), whose mean is 1 where x is as likely on the one side as on the other and less where it tends to the wrong one, so
 * the evidence is valid at every look and needs no variance: large values cannot weigh more than a factor of 2. A mixture over stakes λ.
 * (Self-normalised processes: de la Peña 1999; this is their exact form for symmetric values, which exp(λx − λ²x²/2) bounds from below.)
 */
export function logShiftEvidence(
  values: readonly number[],
  shift: number,
  direction: 1 | -1,
): number {
  const terms = STAKES.map((stake) =>
    values.reduce(
      (sum, value) =>
        sum + Math.LN2 - Math.log1p(Math.exp(-2 * stake * direction * (value - shift))),
      0,
    ),
  );
  const largest = Math.max(...terms);
  const sum = terms.reduce((total, term) => total + Math.exp(term - largest), 0);
  return largest + Math.log(sum / STAKES.length);
}

/** Interval of the centre that inverts that evidence at level `alpha` on each side. An end that so few values do not bound is open. */
export function shiftInterval(values: readonly number[], alpha: number): Interval {
  const needed = -Math.log(alpha);
  // However far the shift, each value at most doubles the evidence.
  if (values.length * Math.LN2 <= needed) return [null, null];
  const reach = needed + Math.max(...values.map(Math.abs));
  return [
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, 1) >= needed, TOLERANCE),
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, -1) < needed, TOLERANCE),
  ];
}
