import { HarnessError } from '../harnessError.ts';
import { type Unfit, whyUnfit } from '../load/whyUnfit.ts';
import type { Budget } from './budgetSchema.ts';
import type { Objective } from './objective.ts';
import type { OperationCatalogue } from './operationCatalogue.ts';

type LoadKind = NonNullable<OperationCatalogue[string]['load']>;

/**
 * What is judged under a load can be judged only where the budget describes that load, and describes one that could establish it.
 * @throws HarnessError BUDGET_INVALID
 */
export function refuseUnfitLoad(
  objective: Objective,
  kind: LoadKind,
  { loads, statistics }: Budget,
  file: string,
): void {
  const { id, workload } = objective;
  if (workload === null) return;
  const load = loads[workload];
  const isOfKind = load !== undefined && (load.search !== undefined) === (kind === 'search');
  const unfit = isOfKind ? whyUnfit(objective, load, statistics.falsePass) : ofOtherKind();
  if (unfit === null) return;
  const { at, found, expected } = unfit;
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: isOfKind
      ? `${file} has an objective that its load can never establish.`
      : `${file} has an objective under a load that it does not describe.`,
    file,
    path: at === 'load' ? `loads → ${workload}` : `objectives → "${id}" → ${at}`,
    found,
    expected,
    remedy: isOfKind
      ? `Change the load or the objective, or take "${id}" out of this budget.`
      : `Describe the load, or take "${id}" out of this budget.`,
  });

  function ofOtherKind(): Unfit {
    const described = `a load ${load?.search === undefined ? 'without' : 'with'} a search`;
    return {
      at: 'load',
      found: load === undefined ? 'nothing' : described,
      expected: kind === 'search' ? 'a load with a search' : 'a load with arrivals or users',
    };
  }
}
