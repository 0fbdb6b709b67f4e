import { z } from 'zod';

/** What a judged objective comes to. Inconclusive: the data establish neither that it is met nor that it is missed. */
export const verdictName = z.enum(['pass', 'fail', 'inconclusive']);
export type VerdictName = z.infer<typeof verdictName>;

/** An interval whose ends may be open (null): the data do not bound that end. */
export const intervalSchema = z.tuple([z.number().nullable(), z.number().nullable()]);
export type Interval = z.infer<typeof intervalSchema>;

/** How often verdicts may be wrong. */
export type ErrorRates = {
  /** Chance that an objective that is missed is called met, each objective by itself: to pass them all needs no correction. */
  falsePass: number;
  /** Chance that a run in which every objective is met has one called missed. */
  falseFail: number;
  /** Objectives judged in the run, over which `falseFail` is split. */
  objectivesInRun: number;
};

/** The level at which one objective of the run may be called missed. @throws RangeError for rates outside (0, 1). */
export function falseFailEach({ falsePass, falseFail, objectivesInRun }: ErrorRates): number {
  for (const rate of [falsePass, falseFail]) {
    if (!(rate > 0 && rate < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${rate}`);
  }
  if (!Number.isInteger(objectivesInRun) || objectivesInRun < 1) {
    throw new RangeError(`a run judges at least one objective, not ${objectivesInRun}`);
  }
  return falseFail / objectivesInRun;
}
