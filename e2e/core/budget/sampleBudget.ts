import { HarnessError } from '../harnessError.ts';
import { expectedSampling, smallestToPass } from '../statistics/sampleSize.ts';
import { type ErrorRates, testLevels } from '../statistics/verdict.ts';
import { type Objective, percent } from './objective.ts';

/** Cost of one objective, as far as it is known in advance. */
export type SamplingPlan = {
  id: string;
  /** Fewest events that can establish it. */
  smallestN: number;
  /** Average number of events until it is clear, at the expected share of bad events. */
  expectedN: number;
  /** Chance that it is clear within its sample budget, at the same share. */
  clearChance: number;
  /** The sample budget. */
  mostN: number;
  expectedSeconds: number;
  mostSeconds: number;
};

type SamplingConditions = {
  /** Rate at which events of the objective occur. */
  eventsPerSecond: number;
  /** Ceilings of the run. */
  ceilings: { requestsPerRun: number; durationSeconds: number };
  /** Default: a fifth of the allowed share. */
  expectedBadShare?: number;
  /** The budget file, named in errors. */
  file: string;
};

const EXPECTED_PART_OF_ALLOWED = 0.2;

/**
 * Plans the sampling of one objective.
 * @throws HarnessError BUDGET_INVALID if its sample budget can never establish it, CEILING_EXCEEDED if a ceiling prevents it
 */
export function planSampling(
  objective: Objective,
  rates: ErrorRates,
  conditions: SamplingConditions,
): SamplingPlan {
  const { id, allowedShare, sampleBudget } = objective;
  const { ceilings, eventsPerSecond, file, expectedBadShare } = conditions;
  const plan = { allowedShare, ...testLevels(rates) };
  assertSampleBudgetSuffices(objective, rates.falsePass, file);
  const smallestN = fewestToEstablish(objective, rates.falsePass);
  const inTime = Math.floor(ceilings.durationSeconds * eventsPerSecond);
  for (const [ceiling, n] of [
    ['requestsPerRun', ceilings.requestsPerRun],
    ['durationSeconds', inTime],
  ] as const) {
    if (n >= smallestN) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The ceilings of ${file} make ${id} impossible to establish.`,
      file,
      path: `ceilings → ${ceiling}`,
      found: `${ceilings[ceiling]}, which is ${n} events of ${id}`,
      expected: describeFewest(objective, rates.falsePass),
      remedy: `Raise the ceiling, or take ${id} out of this budget.`,
    });
  }
  const badShare = expectedBadShare ?? allowedShare * EXPECTED_PART_OF_ALLOWED;
  const { expectedN, open } =
    allowedShare === 0
      ? { expectedN: sampleBudget, open: 0 }
      : expectedSampling(plan, badShare, sampleBudget);
  return {
    id,
    smallestN,
    expectedN,
    clearChance: 1 - open,
    mostN: sampleBudget,
    expectedSeconds: expectedN / eventsPerSecond,
    mostSeconds: sampleBudget / eventsPerSecond,
  };
}

/** Fewest events that can establish an objective, if none is bad. */
export function fewestToEstablish(
  { allowedShare, sampleBudget }: Objective,
  falsePass: number,
): number {
  return allowedShare === 0 ? sampleBudget : smallestToPass({ allowedShare, passAlpha: falsePass });
}

/** The same for an error, with the reason. */
export function describeFewest(objective: Objective, falsePass: number): string {
  const { allowedShare } = objective;
  const needed = `at least ${fewestToEstablish(objective, falsePass)}`;
  if (allowedShare === 0) return `${needed}, the number that was declared`;
  return `${needed}: with fewer, not even a run without one bad event shows that at most ${percent(allowedShare)} are bad, at ${percent(1 - falsePass)} confidence`;
}

/** @throws HarnessError BUDGET_INVALID if the sample budget can never establish the objective */
export function assertSampleBudgetSuffices(
  objective: Objective,
  falsePass: number,
  file: string,
): void {
  const { id, sampleBudget } = objective;
  const needed = fewestToEstablish(objective, falsePass);
  if (sampleBudget >= needed) return;
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${file} has an objective that its sample can never establish.`,
    file,
    path: `objectives → "${id}" → sampleBudget`,
    found: String(sampleBudget),
    expected: describeFewest(objective, falsePass),
    remedy: `Set sampleBudget to ${needed} or more.`,
  });
}
