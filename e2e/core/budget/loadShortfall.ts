import { HarnessError } from '../harnessError.ts';
import { smallestToPass } from '../statistics/sampleSize.ts';
import { perSecond } from './arrivalModel.ts';
import type { Budget } from './budgetSchema.ts';
import type { Load } from './loadSchema.ts';
import { expectedJudged, FEWEST_IN_WINDOW } from './loadSchema.ts';
import type { Objective } from './objective.ts';
import type { OperationCatalogue } from './operationCatalogue.ts';
import { mostSteps, type Search } from './rateSearch.ts';
import { describeFewest, fewestToEstablish } from './sampleBudget.ts';

type LoadKind = NonNullable<OperationCatalogue['operations'][string]['load']>;

/**
 * What is judged under a load can be judged only where the budget describes that load, and describes one that could establish it.
 * @throws HarnessError BUDGET_INVALID
 */
export function assertLoadSuffices(
  objective: Objective,
  kind: LoadKind,
  { loads, statistics }: Budget,
  file: string,
): void {
  const { id, workload } = objective;
  if (workload === null) return;
  const load = loads[workload];
  const isOfKind = load !== undefined && (load.search !== undefined) === (kind === 'search');
  const unfit = isOfKind ? loadShortfall(objective, load, statistics.falsePass) : ofOtherKind();
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

/** Why a load can never establish an objective: where in the budget, what is there, and what would do. */
type Unfit = { at: 'load' | 'sampleBudget' | 'aboveRate'; found: string; expected: string };

/** Null where the load may do. */
export function loadShortfall(objective: Objective, load: Load, falsePass: number): Unfit | null {
  const { sampleBudget } = objective;
  const { search, durationSeconds = 0 } = load;
  if (search !== undefined) return whySearchUnfit(objective, search, falsePass);
  const unit = objective.metric.countsUnderLoad;
  if (unit === 'second') {
    return durationSeconds >= sampleBudget
      ? null
      : {
          at: 'sampleBudget',
          found: `${sampleBudget} seconds`,
          expected: `at most ${durationSeconds}, the seconds that the load lasts`,
        };
  }
  const requests = expectedJudged(load);
  if (requests === null) {
    // How often is unknown beforehand, and growth is by the request.
    return unit === 'reading'
      ? { at: 'load', found: 'users', expected: 'arrivals: memory is read every so many requests' }
      : null;
  }
  const needed = fewestOf(objective, falsePass);
  if (requests >= needed) return null;
  const why = unit === 'request' ? describeFewest(objective, falsePass) : `at least ${needed}`;
  return { at: 'load', found: `${Math.floor(requests)} requests to judge`, expected: why };
}

/** Requests that an objective takes at least. */
function fewestOf(objective: Objective, falsePass: number): number {
  switch (objective.metric.countsUnderLoad) {
    case 'window':
      return objective.sampleBudget * FEWEST_IN_WINDOW;
    case 'reading':
      return objective.sampleBudget;
    default:
      return fewestToEstablish(objective, falsePass);
  }
}

/** The rate that is wanted must be one that can be shown to be exceeded and to be missed, by steps that are long enough for their share of the error rate. */
function whySearchUnfit(
  { objective: wanted, allowedShare, sampleBudget }: Objective,
  search: Search,
  falsePass: number,
): Unfit | null {
  const [from, to] = [perSecond(search.from), perSecond(search.to)];
  if (wanted < from || wanted >= to) {
    const expected = `${from} or more and less than ${to}, the rates that are searched`;
    return { at: 'aboveRate', found: String(wanted), expected };
  }
  const passAlpha = falsePass / mostSteps(search).length;
  const needed = smallestToPass({ allowedShare, passAlpha });
  if (sampleBudget >= needed) return null;
  const expected = `at least ${needed}: each step of the search has its share of the error rate`;
  return { at: 'sampleBudget', found: String(sampleBudget), expected };
}
