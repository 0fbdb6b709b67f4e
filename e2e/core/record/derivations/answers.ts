import { metadataAgrees } from '../metadataAgrees.ts';
import type { ModelCallLine } from '../recordLine.ts';
import { type Derivation, eachRequest, ofAnswered } from './derivation.ts';

export const latency = ofAnswered(({ values }) => values.latencyMs);

export const firstChunk = ofAnswered(({ values }) => values.firstChunkMs);

export const modelCalls = ofAnswered(
  (request, { callsOf }) => callsOf(request).length || undefined,
);

export const ownTime = ofAnswered((request, { callsOf }) => {
  const { totalMs, latencyMs } = request.values;
  const wholeMs = totalMs ?? latencyMs;
  const modelMs = sumOfDurations(callsOf(request));
  return wholeMs === undefined || modelMs === undefined ? undefined : wholeMs - modelMs;
});

/** Every request counts, whatever became of it. */
export const availability: Derivation = eachRequest(({ failure }) => ({
  value: null,
  bad: failure !== null,
}));

/** A model that takes this long for a call is under a fault, whatever it says of itself. */
const SLOW_MS = 3000;

/**
 * Was the request answered in spite of the fault that it was under? An answer behind which no call of the model met a fault, or took long,
 * was given in spite of nothing.
 */
export const answered: Derivation = eachRequest((request, { callsOf }) => {
  if (request.failure !== null) return { value: null, bad: true };
  const metFault = callsOf(request).some(
    ({ fault, endedMs }) => fault !== null || endedMs >= SLOW_MS,
  );
  return metFault ? { value: null, bad: false } : 'missing';
});

/** Without a round trip of a no-op there is nothing to hold a reported latency against. */
export const metadata: Derivation = (given) => {
  const { noops } = given.record;
  const agrees = noops.length === 0 ? null : metadataAgrees(noops);
  return eachRequest((request) => {
    if (request.failure !== null) return null;
    return agrees === null ? 'missing' : { value: null, bad: !agrees(request) };
  })(given);
};

/** Known only where every call was seen to its end. */
function sumOfDurations(calls: ModelCallLine[]): number | undefined {
  const durations = calls.map((call) => call.durationMs);
  if (durations.length === 0 || !durations.every((ms) => ms !== null)) return undefined;
  return durations.reduce((sum, ms) => sum + ms, 0);
}
