import type { ModelCallLine } from '../recordLine.ts';
import { type Derivation, eachRequest } from './derivation.ts';

const WINDOW_MS = 1000;

/** Clocks of two processes, and a timer that fires a little early, on one machine. */
const EARLY_MS = 5;

/** Was any call made again? Where none was seen at all, nobody knows. */
export const retried: Derivation = eachRequest((request, { callsOf }) => {
  const calls = callsOf(request);
  if (calls.length === 0) return 'missing';
  return { value: null, bad: mostOfOneKind(calls) < 2 };
});

/** Attempts at the call that was tried most often. */
export const attempts: Derivation = eachRequest((request, { callsOf }) => {
  const calls = callsOf(request);
  return calls.length === 0 ? 'missing' : { value: mostOfOneKind(calls) };
});

/** Most calls within any second. */
export const attemptRate: Derivation = eachRequest((request, { callsOf }) => {
  const arrivals = callsOf(request).map(({ arrivedAtMs }) => arrivedAtMs);
  if (arrivals.length === 0) return 'missing';
  const inWindow = arrivals.map(
    (fromMs) => arrivals.filter((at) => at >= fromMs && at < fromMs + WINDOW_MS).length,
  );
  return { value: inWindow.reduce((a, b) => Math.max(a, b)) };
});

/** Where no attempt followed, none came too early; that none followed shows in whether the request was answered. */
export const retryAfter: Derivation = eachRequest((request, { callsOf }) => {
  const calls = callsOf(request);
  if (calls.length === 0) return 'missing';
  const followed = calls.flatMap((call) => {
    const next = calls.find(
      ({ kind, arrivedAtMs }) => kind === call.kind && arrivedAtMs > call.arrivedAtMs,
    );
    if (call.retryAfterMs === null || next === undefined) return [];
    return [next.arrivedAtMs >= endOf(call) + call.retryAfterMs - EARLY_MS];
  });
  return followed.length === 0 ? null : { value: null, bad: followed.includes(false) };
});

/** When a call ended, in ms since the epoch by the mock's clock. */
export function endOf({ arrivedAtMs, endedMs }: ModelCallLine): number {
  return arrivedAtMs + endedMs;
}

function mostOfOneKind(calls: ModelCallLine[]): number {
  const kinds = [...Map.groupBy(calls, ({ kind }) => kind).values()];
  return kinds.map(({ length }) => length).reduce((a, b) => Math.max(a, b));
}
