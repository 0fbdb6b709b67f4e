import { z } from 'zod';

/** Verdict on an objective. Inconclusive: the data show neither that it is met nor that it is missed. */
export const verdictName = z.enum(['pass', 'fail', 'inconclusive']);
export type VerdictName = z.infer<typeof verdictName>;

/** A confidence interval. An end that the data do not bound is open (null). */
export const intervalSchema = z.tuple([z.number().nullable(), z.number().nullable()]);
export type Interval = z.infer<typeof intervalSchema>;

export type ErrorRates = {
  /** Chance that one missed objective passes. */
  falsePass: number;
  /** Chance that a run fails though all its objectives are met. */
  falseFail: number;
  /** Number of objectives judged in the run; `falseFail` is split over them. */
  objectivesInRun: number;
};

/** Significance levels of the two one-sided tests of one objective. */
export type TestLevels = {
  /** Chance to pass an objective that is missed. */
  passAlpha: number;
  /** Chance to fail an objective that is met. */
  failAlpha: number;
};

/** A test of a share of bad events: the greatest share that meets the objective, in (0, 1), and the two levels. */
export type ShareTestPlan = TestLevels & { allowedShare: number };

/**
 * Levels for one objective of a run. `falseFail` is divided by the number of objectives (Bonferroni), since one false fail fails
 * the run; a false pass concerns its own objective only. @throws RangeError for rates outside (0, 1)
 */
export function testLevels({ falsePass, falseFail, objectivesInRun }: ErrorRates): TestLevels {
  assertErrorRate(falsePass);
  assertErrorRate(falseFail);
  if (!Number.isInteger(objectivesInRun) || objectivesInRun < 1) {
    throw new RangeError(`a run judges at least one objective, not ${objectivesInRun}`);
  }
  return { passAlpha: falsePass, failAlpha: falseFail / objectivesInRun };
}

/** @throws RangeError outside (0, 1) */
export function assertErrorRate(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
}
