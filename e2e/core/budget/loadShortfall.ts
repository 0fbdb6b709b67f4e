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

/** @throws HarnessError BUDGET_INVALID if the budget does not describe the load of an objective, or one that can never establish it */
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
  const shortfall = isOfKind
    ? loadShortfall(objective, load, statistics.falsePass)
    : otherKind(load, kind);
  if (shortfall === null) return;
  const { at, found, expected } = shortfall;
  const lack = isOfKind
    ? 'an objective that its load can never establish'
    : 'an objective under a load that it does not describe';
  const change = isOfKind ? 'Change the load or the objective' : 'Describe the load';
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${file} has ${lack}.`,
    file,
    path: at === 'load' ? `loads → ${workload}` : `objectives → "${id}" → ${at}`,
    found,
    expected,
    remedy: `${change}, or take "${id}" out of this budget.`,
  });
}

/** Why a load can never establish an objective: where in the budget, what is there, and what would do. */
type Shortfall = { at: 'load' | 'sampleBudget' | 'aboveRate'; found: string; expected: string };

function otherKind(load: Load | undefined, kind: LoadKind): Shortfall {
  const described = `a load ${load?.search === undefined ? 'without' : 'with'} a search`;
  return {
    at: 'load',
    found: load === undefined ? 'nothing' : described,
    expected: kind === 'search' ? 'a load with a search' : 'a load with arrivals or users',
  };
}

/** Null if the load may establish the objective. */
export function loadShortfall(
  objective: Objective,
  load: Load,
  falsePass: number,
): Shortfall | null {
  const { sampleBudget } = objective;
  const { search, durationSeconds = 0 } = load;
  if (search !== undefined) return searchShortfall(objective, search, falsePass);
  const unit = objective.metric.countsUnderLoad;
  if (unit === 'second') {
    if (durationSeconds >= sampleBudget) return null;
    const expected = `at most ${durationSeconds}, the seconds that the load lasts`;
    return { at: 'sampleBudget', found: `${sampleBudget} seconds`, expected };
  }
  const requests = expectedJudged(load);
  if (requests === null) {
    // The number of requests is not known in advance, and growth is stated per request.
    if (unit !== 'reading') return null;
    const expected = 'arrivals, since memory is read at fixed numbers of requests';
    return { at: 'load', found: 'users', expected };
  }
  const needed = fewestRequests(objective, falsePass);
  if (requests >= needed) return null;
  const expected = unit === 'request' ? describeFewest(objective, falsePass) : `at least ${needed}`;
  return { at: 'load', found: `${Math.floor(requests)} requests to judge`, expected };
}

function fewestRequests(objective: Objective, falsePass: number): number {
  switch (objective.metric.countsUnderLoad) {
    case 'window':
      return objective.sampleBudget * FEWEST_IN_WINDOW;
    case 'reading':
      return objective.sampleBudget;
    default:
      return fewestToEstablish(objective, falsePass);
  }
}

/** The objective must lie within the searched rates, and each step must be long enough for its share of the error rate. */
function searchShortfall(
  { objective: wanted, allowedShare, sampleBudget }: Objective,
  search: Search,
  falsePass: number,
): Shortfall | null {
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
