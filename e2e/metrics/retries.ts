import { z } from 'zod';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { endOfCall, type ModelCallLine } from '../core/record/recordLine.ts';
import {
  type Derivation,
  type Derived,
  deriveFrom,
  eachRequest,
  type Given,
  type Observation,
  type Reading,
} from './derivation.ts';
import { MAX_CALLS, MAXIMUM, MEDIAN_ABOVE, type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

/** Shape of the metrics of the waits between one request's own attempts. */
const WAITS = { ...MEDIAN_ABOVE, presupposes: 'retried', mostInABurst: 5 } as const;

export const RETRY_METRICS = {
  /** Was the request answered despite the fault? */
  answered: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    derive: eachRequest(readAnswered),
    describeBad: () => 'were not answered',
    shownIn: 'answer',
    advice:
      'See how the target handled the failed call of the model: whether, how often and how long it retried, and whether its time-out is shorter than the model needs.',
  },

  retried: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    derive: eachFaulted((calls) => ({ value: null, bad: findAttempts(calls).length < 2 })),
    describeBad: () => 'were not tried again',
    shownIn: 'modelCalls',
    advice:
      'Look at what the target does when a call of the model fails with a time-out, 429 or 5xx: it gives up at once instead of retrying.',
  },

  attempts: {
    ...MAX_CALLS,
    isTimed: true,
    derive: eachFaulted((calls) => ({ value: findAttempts(calls).length })),
    valueName: 'attempts at one call',
    describeBad: ({ objective }) => `made more than ${objective} attempts at one call`,
    advice:
      'Look for the limit on attempts, for a second layer of retries (an SDK has its own), and for retries that cannot succeed, such as after a 400 or after part of the answer was shown.',
  },

  attemptRate: {
    ...MAXIMUM,
    chart: 'counts',
    unit: 'calls/s',
    key: 'atMostCallsPerSecond',
    limit: z.int().positive().describe('None may make more calls in a second'),
    derive: eachFaulted(readAttemptRate),
    valueName: 'calls within one second',
    describeBad: ({ objective }) => `made more than ${objective} calls within a second`,
    advice:
      'Look for attempts without a wait between them, or several loops that retry the same request.',
  },

  gapGrowth: {
    title: 'growth of the waits',
    ...WAITS,
    unit: '×',
    key: 'aboveFactor',
    limit: z.number().positive().describe('The quantile must be above this factor'),
    derive: eachFaulted(readGapGrowth),
    valueName: 'each wait compared with the one before',
    describeBad: ({ objective, unit }) => `had waits that grew by ${objective} ${unit} or less`,
    advice:
      'Look at how the wait before an attempt is calculated: it should double each time (100, 200, 400 ms and so on), but hardly grows.',
  },

  /** By how much the waits of two requests differ, in percent of the longer. */
  jitter: {
    ...WAITS,
    unit: '%',
    key: 'abovePercent',
    limit: z.number().positive().max(100).describe('The quantile must be above this, in %'),
    requestsPerEvent: 2,
    derive: deriveFrom(['request'], deriveJitter),
    valueName: 'difference between the waits of two requests',
    describeBad: ({ objective, unit }) =>
      `had waits that differed from another request's by ${objective} ${unit} or less`,
    advice:
      'Look for the random part of the wait before an attempt: without it, requests that failed together are retried together.',
  },

  /** Did the next attempt wait as long as the model asked for? */
  retryAfter: {
    title: 'respect for Retry-After',
    ...ZERO_TOLERANCE,
    presupposes: 'answered',
    derive: eachFaulted(readRetryAfter),
    describeBad: () => 'were retried sooner than the model had asked',
    shownIn: 'retryWaits',
    advice:
      'Check whether the target reads the Retry-After of a 429, in seconds and as a date, and whether it replaces a shorter wait.',
  },
} satisfies Record<string, MetricEntry>;

/** A model that takes this long for a call is under a fault, whatever its journal says. */
const SLOW_MS = 3000;

/** An answer counts as given despite a fault only if one of its calls of the model met the fault, or was slow. */
function readAnswered(request: RequestLine, { callsOf }: Given): Reading {
  if (request.failure !== null) return { value: null, bad: true };
  const metFault = callsOf(request).some(
    ({ fault, endedMs }) => fault !== null || endedMs >= SLOW_MS,
  );
  return metFault ? { value: null, bad: false } : 'missing';
}

/**
 * Calls of a request that show how the target handles a fault. Null where none was seen, where one was lost, and where a fault was due and
 * no call met it: a model that was well causes no further attempts, which would look like restraint.
 */
export function findFaultedCalls(request: RequestLine, { callsOf }: Given): ModelCallLine[] | null {
  const calls = callsOf(request);
  const metFault = request.fault === null || calls.some(({ fault }) => fault !== null);
  return calls.length > 0 && metFault && isComplete(calls) ? calls : null;
}

/** The mock numbers the attempts at each kind of call; a gap is a call that did not reach the record. */
function isComplete(calls: ModelCallLine[]): boolean {
  const byKind = [...Map.groupBy(calls, ({ kind }) => kind).values()];
  return byKind.every((ofKind) => ofKind.every(({ attempt }, at) => attempt === at + 1));
}

function eachFaulted(read: (calls: ModelCallLine[]) => Reading): Derivation {
  return eachRequest((request, given) => {
    const calls = findFaultedCalls(request, given);
    return calls === null ? 'missing' : read(calls);
  });
}

/** The attempts at the call that was tried most often, in the order of arrival. */
function findAttempts(calls: ModelCallLine[]): ModelCallLine[] {
  const byKind = [...Map.groupBy(calls, ({ kind }) => kind).values()];
  return byKind.reduce((most, ofKind) => (ofKind.length > most.length ? ofKind : most), []);
}

const WINDOW_MS = 1000;

function readAttemptRate(calls: ModelCallLine[]): Reading {
  const arrivals = calls.map(({ arrivedAtMs }) => arrivedAtMs);
  const inWindow = arrivals.map(
    (fromMs) => arrivals.filter((at) => at >= fromMs && at < fromMs + WINDOW_MS).length,
  );
  return { value: Math.max(...inWindow) };
}

/** Two processes' clocks differ a little, and a timer may fire a little early. */
const EARLY_MS = 5;

/** Without a next attempt none came too early; `answered` shows that none followed. */
function readRetryAfter(calls: ModelCallLine[]): Reading {
  const followed = calls.flatMap((call, at) => {
    const next = calls.slice(at + 1).find(({ kind }) => kind === call.kind);
    if (call.retryAfterMs === null || next === undefined) return [];
    return [next.arrivedAtMs >= endOfCall(call) + call.retryAfterMs - EARLY_MS];
  });
  return followed.length === 0 ? null : { value: null, bad: followed.includes(false) };
}

/** Shorter waits count as this long: else the delays of a busy machine, with no pause at all, would look like growth or jitter. */
const SHORTEST_WAIT_MS = 20;
/** One wait alone does not grow, and has only one chance to differ. */
const FEWEST_WAITS = 2;

/** From the end of each attempt to the arrival of the next, in ms. */
function computeWaits(calls: ModelCallLine[]): number[] {
  const attempts = findAttempts(calls);
  return attempts.slice(1).map((call, at) => {
    const before = attempts[at] as ModelCallLine;
    return Math.max(call.arrivedAtMs - endOfCall(before), SHORTEST_WAIT_MS);
  });
}

/** The factor from each wait to the next, as the geometric mean from the first to the last. */
function readGapGrowth(calls: ModelCallLine[]): Reading {
  const waits = computeWaits(calls);
  const [first, last] = [waits[0], waits.at(-1)];
  if (first === undefined || last === undefined || waits.length < FEWEST_WAITS) return null;
  return { value: (last / first) ** (1 / (waits.length - 1)) };
}

/**
 * By how much the waits of two requests in a row differ: the mean over the first waits, the second and so on, in percent of the longer.
 * Each request belongs to one pair, so that the values are independent. Chance rarely makes all of a few waits alike: of waits between
 * half and the whole of their step the mean is 5 % or less once in 200 pairs, the median once in 45.
 */
function deriveJitter(given: Given<RequestLine>): Derived {
  const known = given.lines.flatMap((request) => {
    const calls = findFaultedCalls(request, given);
    return calls === null ? [] : [{ request, waits: computeWaits(calls) }];
  });
  const waiting = known.filter(({ waits }) => waits.length >= FEWEST_WAITS);
  const observations: Observation[] = [];
  for (let at = 0; at + 1 < waiting.length; at += 2) {
    const [one, other] = [waiting[at], waiting[at + 1]];
    if (one === undefined || other === undefined) break;
    observations.push({ line: other.request, value: compareWaits(one.waits, other.waits) });
  }
  return { observations, missing: given.lines.length - known.length };
}

function compareWaits(one: number[], other: number[]): number {
  const levels = Math.min(one.length, other.length);
  const differences = one.slice(0, levels).map((wait, at) => {
    const otherWait = other[at] as number;
    return (Math.abs(wait - otherWait) / Math.max(wait, otherWait)) * 100;
  });
  return differences.reduce((sum, difference) => sum + difference, 0) / levels;
}
