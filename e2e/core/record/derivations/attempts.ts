import type { ModelCallLine, RequestLine } from '../recordLine.ts';
import { type Derivation, eachRequest, type Given } from './derivation.ts';

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
export function attemptsOf(calls: ModelCallLine[]): ModelCallLine[] {
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
