import { HarnessError } from '../harnessError.ts';
import { smallestToPass } from '../statistics/sampleSize.ts';
import { perSecond } from './arrivalModel.ts';
import type { Budget } from './budgetSchema.ts';
import { expectedJudged, FEWEST_IN_WINDOW, type Load } from './loadSchema.ts';
import { type Objective, percent } from './objective.ts';
import type { OperationCatalogue } from './operationCatalogue.ts';
import { mostExpensiveSteps, type Search } from './rateSearch.ts';
import type { InheritedFrom } from './readBudget.ts';

type SamplingConditions = {
  eventsPerSecond: number;
  ceilings: { requestsPerRun: number; durationSeconds: number };
  /** The target's own budget file, named in errors unless the objective is inherited from another. */
  file: string;
};

/** @throws HarnessError BUDGET_INVALID or CEILING_EXCEEDED if the sample budget or a ceiling does not suffice to establish an objective */
export function assertSamplingSuffices(
  objective: Objective,
  falsePass: number,
  { ceilings, eventsPerSecond, file }: SamplingConditions,
): void {
  const { id } = objective;
  assertSampleBudgetSuffices(objective, falsePass, file);
  const needed = fewestToEstablish(objective, falsePass);
  const events = {
    requestsPerRun: ceilings.requestsPerRun,
    durationSeconds: Math.floor(ceilings.durationSeconds * eventsPerSecond),
  };
  for (const ceiling of ['requestsPerRun', 'durationSeconds'] as const) {
    if (events[ceiling] >= needed) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The ceilings of ${file} make ${id} impossible to establish.`,
      file,
      path: `ceilings → ${ceiling}`,
      found: `${ceilings[ceiling]}, enough for ${events[ceiling]} events of ${id}`,
      expected: describeFewest(objective, falsePass),
      remedy: `Raise the ceiling, or ${howToRemove(objective, file)}.`,
    });
  }
}

/** Fewest events that can establish an objective, if none is bad. */
export function fewestToEstablish(
  { allowedShare, sampleBudget }: Objective,
  falsePass: number,
): number {
  return allowedShare === 0 ? sampleBudget : smallestToPass({ allowedShare, passAlpha: falsePass });
}

/** That number for an error message, with the reason. */
function describeFewest(objective: Objective, falsePass: number): string {
  const { id, allowedShare } = objective;
  const needed = `at least ${fewestToEstablish(objective, falsePass)}`;
  if (allowedShare === 0) return `${needed}, the sampleBudget of ${id}`;
  return `${needed}: with fewer, not even a run without one bad event shows that at most ${percent(allowedShare)} are bad, at ${percent(1 - falsePass)} confidence`;
}

/** How to remove an objective for one target. One that is inherited stays for the others. */
function howToRemove({ id, inheritedFrom }: Objective, file: string): string {
  const place = `objectives → "${id}"`;
  return inheritedFrom === undefined
    ? `remove ${place} from ${file}`
    : `set ${place} to null in ${file}`;
}

/** @throws HarnessError BUDGET_INVALID if the sample budget can never establish the objective */
export function assertSampleBudgetSuffices(
  objective: Objective,
  falsePass: number,
  file: string,
): void {
  const { id, sampleBudget, inheritedFrom = file } = objective;
  const needed = fewestToEstablish(objective, falsePass);
  if (sampleBudget >= needed) return;
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${inheritedFrom} has an objective that its sample can never establish.`,
    file: inheritedFrom,
    path: `objectives → "${id}" → sampleBudget`,
    found: String(sampleBudget),
    expected: describeFewest(objective, falsePass),
    remedy: `Set sampleBudget to ${needed} or more.`,
  });
}

type LoadKind = NonNullable<OperationCatalogue['operations'][string]['load']>;

/** @throws HarnessError BUDGET_INVALID if the load of an objective is not described, or can never establish it */
export function assertLoadSuffices(
  objective: Objective,
  kind: LoadKind,
  { loads, statistics }: Budget,
  { file, inheritedFrom }: { file: string; inheritedFrom: InheritedFrom },
): void {
  const { id, workload } = objective;
  if (workload === null) return;
  const load = loads[workload];
  const isOfKind = load !== undefined && (load.search !== undefined) === (kind === 'search');
  const shortfall = isOfKind
    ? loadShortfall(objective, load, statistics.falsePass)
    : kindShortfall(load, kind);
  if (shortfall === null) return;
  const { at, found, expected } = shortfall;
  const lack = isOfKind
    ? 'an objective that its load can never establish'
    : 'an objective under a load that it does not describe';
  const change = isOfKind ? 'Change the load or the objective' : 'Describe the load';
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${file} has ${lack}.`,
    file: (at === 'load' ? inheritedFrom('loads', workload) : objective.inheritedFrom) ?? file,
    path: at === 'load' ? `loads → ${workload}` : `objectives → "${id}" → ${at}`,
    found,
    expected,
    remedy: `${change}, or ${howToRemove(objective, file)}.`,
  });
}

/** Why a load can never establish an objective: where in the budget, what is there, and what would do. */
type Shortfall = { at: 'load' | 'sampleBudget' | 'aboveRate'; found: string; expected: string };

function kindShortfall(load: Load | undefined, kind: LoadKind): Shortfall {
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
  const passAlpha = falsePass / mostExpensiveSteps(search).length;
  const needed = smallestToPass({ allowedShare, passAlpha });
  if (sampleBudget >= needed) return null;
  const expected = `at least ${needed}: each step of the search has its share of the error rate`;
  return { at: 'sampleBudget', found: String(sampleBudget), expected };
}
