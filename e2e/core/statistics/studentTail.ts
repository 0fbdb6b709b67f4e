import { bisect } from './search.ts';

/**
 * P(T > t) for Student's t distribution, t ≥ 0, by its finite sum (Abramowitz & Stegun 26.7.3 and 26.7.4).
 * @throws RangeError for degrees of freedom that are not a positive whole number
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`degrees of freedom are 1, 2, …, not ${degreesOfFreedom}`);
  }
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cosineSquared = degreesOfFreedom / (degreesOfFreedom + t * t);
  const sine = t / Math.sqrt(degreesOfFreedom + t * t);
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? sine * Math.sqrt(cosineSquared) : sine;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= (cosineSquared * (k - 1)) / k;
    sum += term;
  }
  const within = isOdd ? (2 / Math.PI) * (angle + sum) : sum;
  return (1 - within) / 2;
}

/** The t with P(T > t) = alpha, for alpha in (0, 0.5). */
export function studentQuantile(alpha: number, degreesOfFreedom: number): number {
  let reach = 1;
  while (studentTail(reach, degreesOfFreedom) > alpha) reach *= 2;
  return bisect(0, reach, (t) => studentTail(t, degreesOfFreedom) > alpha);
}
