import { endOf } from '../core/record/derivations/attempts.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import { formatValue } from '../core/verdict/formatValue.ts';

/** `1 call of the model, answered with 503 after 12.0 ms`; of several, the one that ended last. Null where none was seen. */
export function describeCalls(calls: ModelCallLine[]): string | null {
  const last = calls.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
  if (last === undefined) return null;
  const what = `${describeEnd(last)} after ${formatValue(last.endedMs, 'ms')}`;
  return calls.length === 1
    ? `1 call of the model, ${what}`
    : `${calls.length} calls of the model, the last ${what}`;
}

/** `called again after 12.0 ms, asked to wait 1000.0 ms`: the attempt that was furthest too early. Null where none followed. */
export function describeHaste(calls: ModelCallLine[]): string | null {
  const pairs = calls.flatMap((call) => {
    const later = calls.filter(
      ({ kind, arrivedAtMs }) => kind === call.kind && arrivedAtMs > call.arrivedAtMs,
    );
    const nextMs = later.reduce((a, b) => Math.min(a, b.arrivedAtMs), Number.POSITIVE_INFINITY);
    if (call.retryAfterMs === null || later.length === 0) return [];
    return [{ waitedMs: nextMs - endOf(call), askedMs: call.retryAfterMs }];
  });
  const worst = pairs.toSorted((a, b) => a.waitedMs - a.askedMs - (b.waitedMs - b.askedMs))[0];
  if (worst === undefined) return null;
  const { waitedMs, askedMs } = worst;
  return `called again after ${formatValue(waitedMs, 'ms')}, asked to wait ${formatValue(askedMs, 'ms')}`;
}

/** `answered with 503`, `given up`. */
export function describeEnd(call: ModelCallLine): string {
  return ENDS[call.end](call);
}

const ENDS: Record<ModelCallLine['end'], (call: ModelCallLine) => string> = {
  answered: ({ status }) => (status === null ? 'answered' : `answered with ${status}`),
  aborted: () => 'given up',
  brokenOff: () => 'broken off by the model',
  open: () => 'still open',
};
