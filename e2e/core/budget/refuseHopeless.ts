import { HarnessError } from '../harnessError.ts';
import { smallestToPass } from '../statistics/sampleSize.ts';
import { type Objective, percent } from './objective.ts';

/** Fewest events that can establish an objective: not one of them bad where a share may be, else as many as were declared. */
export function fewestToEstablish(
  { allowedShare, sampleBudget }: Objective,
  falsePass: number,
): number {
  return allowedShare === 0 ? sampleBudget : smallestToPass({ allowedShare, passAlpha: falsePass });
}

/** The same in a sentence for an error. */
export function describeFewest(objective: Objective, falsePass: number): string {
  const { allowedShare } = objective;
  const needed = `at least ${fewestToEstablish(objective, falsePass)}`;
  if (allowedShare === 0) return `${needed}, the number that was declared`;
  return `${needed}: with fewer, not even a run without one bad event shows that at most ${percent(allowedShare)} are bad, at ${percent(1 - falsePass)} confidence`;
}

/** @throws HarnessError BUDGET_INVALID for an objective that its sample budget can never establish */
export function refuseHopeless(objective: Objective, falsePass: number, file: string): void {
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
