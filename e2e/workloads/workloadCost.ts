import { expectedRequests, highestRate, rateProfile } from '../core/budget/arrivalModel.ts';
import type { Load } from '../core/budget/loadSchema.ts';
import { mostExpensiveSteps, stepDurationSeconds } from '../core/budget/rateSearch.ts';
import { REQUESTS_PER_FOREIGN_SESSION } from '../salestalk/foreignSession.ts';

/** What a workload costs its target at most. An iteration on a page counts as one request, whatever files it loads. */
export type WorkloadCost = {
  name: string;
  requests: number;
  /** 0 if one iteration follows the other. */
  requestsPerSecond: number;
  durationSeconds: number;
  modelCalls: number;
};

export const MODEL_CALLS_PER_REQUEST = 2;

/** A trial of another tenant's session takes several requests. */
export function requestsPerOperation(operation: string): number {
  return operation === 'foreignSession' ? REQUESTS_PER_FOREIGN_SESSION : 1;
}

export type LoadCost = WorkloadCost & {
  /** Null if the budget does not say how many a call takes. */
  tokens: number | null;
};

/** Model calls: one for the classification, and one for the narrative that may follow. */
const CALLS: Record<string, number> = { classify: 1, chat: 2, narrative: 2 };
/** No target answers the users of a closed model faster. */
const FASTEST_ANSWER_SECONDS = 0.005;
/** For the rounding of a schedule, and for ramps, whose number of requests is not exact. */
const MARGIN = 1.1;
/** Random arrivals seldom exceed their mean by more standard deviations than these. */
const DEVIATIONS = 5;

/** By the schedule of an open model, the fastest answers to a closed one, or the steps of a search with this sample budget each. */
export function computeLoadCost(name: string, load: Load, sampleBudget: number): LoadCost {
  const extent = computeExtent(load, sampleBudget);
  const requests = Math.min(extent.requests, load.ceilings.requests ?? Number.POSITIVE_INFINITY);
  const modelCalls = Math.ceil(requests * mostCallsPerRequest(load));
  const { tokensPerCall } = load;
  const tokens = tokensPerCall === undefined ? null : modelCalls * tokensPerCall;
  return { name, ...extent, requests, modelCalls, tokens };
}

function computeExtent(
  load: Load,
  sampleBudget: number,
): Pick<LoadCost, 'requests' | 'requestsPerSecond' | 'durationSeconds'> {
  const { warmUpSeconds, durationSeconds: judgedSeconds = 0, arrivals, users = 0, search } = load;
  const durationSeconds = warmUpSeconds + judgedSeconds;
  if (search !== undefined) {
    const steps = mostExpensiveSteps(search).map(({ ratePerSecond }) => {
      const seconds = warmUpSeconds + stepDurationSeconds(search, ratePerSecond, sampleBudget);
      return { ratePerSecond, seconds, requests: ratePerSecond * seconds };
    });
    return {
      requests: addMargin(steps.reduce((sum, { requests }) => sum + requests, 0)),
      requestsPerSecond: Math.max(...steps.map(({ ratePerSecond }) => ratePerSecond)),
      durationSeconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }
  if (arrivals !== undefined) {
    const pieces = rateProfile(arrivals, durationSeconds);
    const expected = expectedRequests(pieces);
    const deviations = arrivals.model === 'poisson' ? DEVIATIONS * Math.sqrt(expected) : 0;
    const requests = Math.max(addMargin(expected), Math.ceil(expected + deviations));
    return { requests, requestsPerSecond: highestRate(pieces), durationSeconds };
  }
  const pauses = load.scenarios.map(({ thinkSeconds }) => thinkSeconds?.min ?? 0);
  const requestsPerSecond = users / (FASTEST_ANSWER_SECONDS + Math.min(...pauses));
  const requests = Math.ceil(requestsPerSecond * durationSeconds);
  return { requests, requestsPerSecond, durationSeconds };
}

function addMargin(requests: number): number {
  // Rounded first, since 6000 × 1.1 comes out a little above 6600.
  return Math.ceil(Number((requests * MARGIN).toPrecision(9)));
}

/** The mean over the operations of the costliest scenario. */
function mostCallsPerRequest({ scenarios }: Load): number {
  return Math.max(
    ...scenarios.map(({ operations }) => {
      const mix = Object.entries(operations).map(([name, share = 0]) => ({ name, share }));
      const total = mix.reduce((sum, { share }) => sum + share, 0);
      return mix.reduce((sum, { name, share }) => sum + (share / total) * (CALLS[name] ?? 2), 0);
    }),
  );
}
