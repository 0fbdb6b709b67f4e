import type { RequestLine } from '../measurementLine.ts';
import type { ModelCallLine, OutageLine } from '../recordLine.ts';
import {
  type Derivation,
  deriveFrom,
  eachRequest,
  type Given,
  type Observation,
} from './derivation.ts';

const WINDOW_MS = 1000;

/** Clocks of two processes, and a timer that fires a little early, on one machine. */
const EARLY_MS = 5;

/** Was any call made again? */
export const retried: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  return calls === null ? 'missing' : { value: null, bad: attemptsOf(calls).length < 2 };
});

/** Attempts at the call that was tried most often. */
export const attempts: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  return calls === null ? 'missing' : { value: attemptsOf(calls).length };
});

/** Most calls within any second. */
export const attemptRate: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  if (calls === null) return 'missing';
  const arrivals = calls.map(({ arrivedAtMs }) => arrivedAtMs);
  const inWindow = arrivals.map(
    (fromMs) => arrivals.filter((at) => at >= fromMs && at < fromMs + WINDOW_MS).length,
  );
  return { value: inWindow.reduce((a, b) => Math.max(a, b)) };
});

/** Where no attempt followed, none came too early; that none followed shows in whether the request was answered. */
export const retryAfter: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  if (calls === null) return 'missing';
  const followed = calls.flatMap((call, at) => {
    const next = calls.slice(at + 1).find(({ kind }) => kind === call.kind);
    if (call.retryAfterMs === null || next === undefined) return [];
    return [next.arrivedAtMs >= endOf(call) + call.retryAfterMs - EARLY_MS];
  });
  return followed.length === 0 ? null : { value: null, bad: followed.includes(false) };
});

/** When a call ended, in ms since the epoch by the mock's clock. */
export function endOf({ arrivedAtMs, endedMs }: ModelCallLine): number {
  return arrivedAtMs + endedMs;
}

/** The attempts at the call that was tried most often, in the order of arrival. */
function attemptsOf(calls: ModelCallLine[]): ModelCallLine[] {
  const byKind = [...Map.groupBy(calls, ({ kind }) => kind).values()];
  return byKind.reduce((most, ofKind) => (ofKind.length > most.length ? ofKind : most), []);
}

/**
 * Calls of a request, which say something of how a fault is met; null where none was seen, where one was lost, and where a fault was to
 * be met and none was: a model that was well brings out no attempts, and that would look like restraint.
 */
export function callsUnderFault(request: RequestLine, { callsOf }: Given): ModelCallLine[] | null {
  const calls = callsOf(request);
  const metFault = request.fault === null || calls.some(({ fault }) => fault !== null);
  return calls.length > 0 && metFault && isWhole(calls) ? calls : null;
}

/** The mock counts the attempts at each kind of call; a hole is one that did not reach the record. */
function isWhole(calls: ModelCallLine[]): boolean {
  const byKind = [...Map.groupBy(calls, ({ kind }) => kind).values()];
  return byKind.every((ofKind) => ofKind.every(({ attempt }, at) => attempt === at + 1));
}

/**
 * A wait so short is none: shorter ones are made as long, so that what a busy machine adds to no pause at all looks neither like growth
 * nor like jitter. Well under the 50 ms that the shortest wait of a sensible backoff lasts.
 */
const SHORTEST_WAIT_MS = 20;
/** One wait alone neither grows nor has more than one chance to differ. */
const FEWEST_WAITS = 2;

/** By what factor each wait is longer than the one before, from the first to the last. */
export const gapGrowth: Derivation = eachRequest((request, given) => {
  const calls = callsUnderFault(request, given);
  if (calls === null) return 'missing';
  const waits = waitsOf(calls);
  const [first, last] = [waits[0], waits.at(-1)];
  if (first === undefined || last === undefined || waits.length < FEWEST_WAITS) return null;
  return { value: Math.exp(Math.log(last / first) / (waits.length - 1)) };
});

/**
 * Of each two requests in a row, by how much their waits differ: the mean over first with first, second with second and so on, in
 * percent of the longer. Each request takes part once, so that the values are independent. The mean, since all of a few waits are
 * rarely alike by chance: of waits between half and the whole of their step it is 5 % or less once in 200, the median once in 45.
 */
export const jitter = deriveFrom(['request'], (given) => {
  const known = given.lines.flatMap((request) => {
    const calls = callsUnderFault(request, given);
    return calls === null ? [] : [{ request, waits: waitsOf(calls) }];
  });
  const waiting = known.filter(({ waits }) => waits.length >= FEWEST_WAITS);
  const observations: Observation[] = [];
  for (let at = 0; at + 1 < waiting.length; at += 2) {
    const [one, other] = [waiting[at], waiting[at + 1]];
    if (one === undefined || other === undefined) break;
    observations.push({ line: other.request, value: differenceOf(one.waits, other.waits) });
  }
  return { observations, missing: given.lines.length - known.length };
});

/** From the end of each attempt to the arrival of the next, in ms. */
function waitsOf(calls: ModelCallLine[]): number[] {
  const attempts = attemptsOf(calls);
  return attempts.slice(1).map((call, at) => {
    const before = attempts[at] as ModelCallLine;
    return Math.max(call.arrivedAtMs - endOf(before), SHORTEST_WAIT_MS);
  });
}

function differenceOf(one: number[], other: number[]): number {
  const levels = Math.min(one.length, other.length);
  const differences = one.slice(0, levels).map((wait, at) => {
    const otherWait = other[at] as number;
    return (Math.abs(wait - otherWait) / Math.max(wait, otherWait)) * 100;
  });
  return differences.reduce((sum, difference) => sum + difference, 0) / levels;
}

/** A request that failed so soon after an outage that it was sent in may have made its last attempt in it. */
const GRACE_MS = 1000;

/**
 * Of each request that ended after the model was well again: how long from then, or from its sending where that was later, to its answer.
 * One that failed after that had not recovered by the end of the watch, which is beyond what the objective allows.
 */
export const recovery = deriveFrom(['request'], (given) => {
  const { record, lines: requests, objective } = given;
  const outages = record.outages.filter(({ workload }) => workload === objective.workload);
  if (outages.length === 0) return { observations: [], missing: requests.length };
  const watchedUntilMs = [...requests.map(recordedEnd), ...outages.map(({ untilMs }) => untilMs)]
    .filter((ms) => ms !== null)
    .reduce((a, b) => Math.max(a, b));
  return eachRequest((request) => {
    const endMs = recordedEnd(request);
    if (endMs === null) return 'missing';
    const outage = lastBefore(outages, endMs);
    if (outage === null) return null;
    const { sentAtMs, failure } = request;
    const fromMs = Math.max(outage.untilMs, sentAtMs);
    if (failure === null) return { value: endMs - fromMs };
    const mayHaveTriedInIt = sentAtMs < outage.untilMs && endMs <= outage.untilMs + GRACE_MS;
    if (mayHaveTriedInIt) return null;
    return { value: Math.max(watchedUntilMs - fromMs, objective.objective + 1), isAtLeast: true };
  })(given);
});

/** The outage that was over last at a time; null before the end of the first, and in the middle of one. */
function lastBefore(outages: OutageLine[], atMs: number): OutageLine | null {
  if (outages.some(({ fromMs, untilMs }) => fromMs < atMs && atMs <= untilMs)) return null;
  const over = outages.filter(({ untilMs }) => untilMs < atMs);
  return over.toSorted((a, b) => b.untilMs - a.untilMs)[0] ?? null;
}

/** When a request ended, in ms since the epoch; null where that was not recorded. */
function recordedEnd({ sentAtMs, values }: RequestLine): number | null {
  return values.endedMs === undefined ? null : sentAtMs + values.endedMs;
}
