import { expectedRequests, highestRate, rateProfile } from '../../core/budget/arrivalModel.ts';
import type { Load } from '../../core/budget/loadSchema.ts';
import { mostSteps, type Search } from '../../core/budget/rateSearch.ts';
import { HarnessError } from '../../core/harnessError.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunContext } from '../../setup/runContext.ts';

/**
 * Refuses loads that cost more than their own ceilings allow, before anything is sent. The ceilings of the run are checked when a load is
 * measured.
 * @throws HarnessError CEILING_EXCEEDED
 */
export function refuseCostlyLoads(header: RunLine, target: RunContext['target']): void {
  for (const [name, load] of Object.entries(target.loads)) {
    const judged = header.objectives.filter(({ workload }) => workload === name);
    if (load === undefined || judged.length === 0) continue;
    const sampleBudget = Math.max(...judged.map((objective) => objective.sampleBudget));
    refuseBeyondOwnCeilings(name, load, sampleBudget, target);
  }
}

function refuseBeyondOwnCeilings(
  name: string,
  load: Load,
  sampleBudget: number,
  target: RunContext['target'],
): void {
  const cost = costOfLoad(load, sampleBudget);
  const isPaid = !target.supports.mockedAi;
  for (const key of ['modelCalls', 'tokens'] as const) {
    const [amount, allowed] = [cost[key], load.ceilings[key]];
    // A mocked model costs nothing.
    if (!isPaid || amount === null || allowed === undefined || amount <= allowed) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The load "${name}" would cost ${target.name} more than its own ceilings allow.`,
      file: `budgets/${target.name}.json`,
      path: `loads → ${name} → ceilings → ${key}`,
      found: `${amount} planned`,
      expected: `at most ${allowed}`,
      remedy: 'Lower the rate or the duration, set ceilings → requests, or raise the ceiling.',
    });
  }
}

/** What a load costs at most. */
export type LoadCost = {
  requests: number;
  requestsPerSecond: number;
  durationSeconds: number;
  modelCalls: number;
  /** Null where the budget does not say how many a call takes. */
  tokens: number | null;
};

/** A classification and the narrative that may follow are one call each. */
const CALLS: Record<string, number> = { classify: 1, chat: 2, narrative: 2 };
/** No target answers the users of a closed model faster. */
const FASTEST_ANSWER_SECONDS = 0.005;
/** Rounding of a schedule, and what a ramp is off by. */
const MARGIN = 1.1;
/** Random arrivals may exceed their mean, but seldom by more standard deviations than these. */
const DEVIATIONS = 5;

/** By the schedule of an open model, or the fastest answers of a closed one. @param sampleBudget of a step of a search */
export function costOfLoad(load: Load, sampleBudget: number): LoadCost {
  const extent = extentOf(load, sampleBudget);
  const requests = Math.min(extent.requests, load.ceilings.requests ?? Number.POSITIVE_INFINITY);
  const modelCalls = Math.ceil(requests * mostCallsPerRequest(load));
  const { tokensPerCall } = load;
  const tokens = tokensPerCall === undefined ? null : modelCalls * tokensPerCall;
  return { ...extent, requests, modelCalls, tokens };
}

function extentOf(
  load: Load,
  sampleBudget: number,
): Pick<LoadCost, 'requests' | 'requestsPerSecond' | 'durationSeconds'> {
  const { warmUpSeconds, durationSeconds: judgedSeconds = 0, arrivals, users = 0, search } = load;
  const durationSeconds = warmUpSeconds + judgedSeconds;
  if (search !== undefined) {
    const steps = mostSteps(search).map(({ ratePerSecond }) => {
      const seconds = warmUpSeconds + secondsOfStep(search, ratePerSecond, sampleBudget);
      return { ratePerSecond, seconds, requests: ratePerSecond * seconds };
    });
    return {
      requests: withMargin(steps.reduce((sum, { requests }) => sum + requests, 0)),
      requestsPerSecond: Math.max(...steps.map(({ ratePerSecond }) => ratePerSecond)),
      durationSeconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }
  if (arrivals !== undefined) {
    const pieces = rateProfile(arrivals, durationSeconds);
    const expected = expectedRequests(pieces);
    const most =
      arrivals.model === 'poisson' ? Math.ceil(expected + DEVIATIONS * Math.sqrt(expected)) : 0;
    const requests = Math.max(withMargin(expected), most);
    return { requests, requestsPerSecond: highestRate(pieces), durationSeconds };
  }
  const pauses = load.scenarios.map(({ thinkSeconds }) => thinkSeconds?.min ?? 0);
  const requestsPerSecond = users / (FASTEST_ANSWER_SECONDS + Math.min(...pauses));
  const requests = Math.ceil(requestsPerSecond * durationSeconds);
  return { requests, requestsPerSecond, durationSeconds };
}

/** 6000 × 1.1 comes out a little above 6600. */
function withMargin(requests: number): number {
  return Math.ceil(Number((requests * MARGIN).toPrecision(9)));
}

/** The average over the operations of the costliest scenario. */
export function mostCallsPerRequest({ scenarios }: Load): number {
  return Math.max(
    ...scenarios.map(({ operations }) => {
      const mix = Object.entries(operations).map(([name, share = 0]) => ({ name, share }));
      const total = mix.reduce((sum, { share }) => sum + share, 0);
      return mix.reduce((sum, { name, share }) => sum + (share / total) * (CALLS[name] ?? 2), 0);
    }),
  );
}

/** How long a step of a search lasts: as the budget says, or as long as it takes to send the sample budget. */
export function secondsOfStep(
  { stepSeconds }: Search,
  ratePerSecond: number,
  sampleBudget: number,
): number {
  return Math.max(stepSeconds, sampleBudget / ratePerSecond);
}
