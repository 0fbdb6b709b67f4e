import type { RequestLine } from '../measurementLine.ts';
import type { ModelCallLine, NoopLine } from '../recordLine.ts';
import { CLOCK_MS } from './contradictions.ts';
import {
  contradictionOf,
  type Derivation,
  eachAnswered,
  eachRequest,
  ofValue,
  readValue,
} from './derivation.ts';

export const latency = ofValue(['request', 'iteration', 'visit', 'start'], 'latencyMs');

export const firstChunk = ofValue(['request', 'iteration', 'visit'], 'firstChunkMs');

export const modelCalls = eachAnswered(
  ['request'],
  (request, { callsOf }) => callsOf(request).length || undefined,
);

export const ownTime = eachAnswered(['request'], (request, given) => {
  const wholeMs = readValue(nameOfWhole(request), request, given);
  const modelMs = sumOfDurations(given.callsOf(request));
  if (typeof wholeMs !== 'number' || modelMs === undefined) {
    return typeof wholeMs === 'number' ? 'missing' : wholeMs;
  }
  const ownMs = wholeMs - modelMs;
  return ownMs >= -CLOCK_MS ? ownMs : { missing: 'its calls of the model took longer together' };
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
    if (agrees === null) return 'missing';
    const contradiction = contradictionOf(nameOfWhole(request), request, given);
    return contradiction === null
      ? { value: null, bad: !agrees(request) }
      : { missing: contradiction };
  })(given);
};

/** Sending to last byte, by the name that it has where the latency is that of a part, and where it is not. */
function nameOfWhole({ values }: RequestLine): 'totalMs' | 'latencyMs' {
  return values.totalMs === undefined ? 'latencyMs' : 'totalMs';
}

/** Known only where every call was seen to its end. */
function sumOfDurations(calls: ModelCallLine[]): number | undefined {
  const durations = calls.map((call) => call.durationMs);
  if (durations.length === 0 || !durations.every((ms) => ms !== null)) return undefined;
  return durations.reduce((sum, ms) => sum + ms, 0);
}

/** Whole milliseconds are reported, so a report may be rounded up by this much. */
const ROUNDING_MS = 1;
/** A report may fall short by the larger of these two: time spent outside the handler. */
const SHORTFALL_SHARE = 0.1;
const SHORTFALL_MS = 5;

/**
 * Makes the test of metadata accuracy: the latency that an answer reports of itself is no more than the measured one (plus rounding),
 * and no less than it by more than the round trip of a request that does no work (median of the run) and the tolerance above.
 * An answer that reports nothing does not agree.
 * @throws RangeError without a single no-op round trip: then there is nothing to compare with.
 */
export function metadataAgrees(noops: NoopLine[]): (request: RequestLine) => boolean {
  const roundTrips = noops.map((noop) => noop.roundTripMs).sort((a, b) => a - b);
  const roundTripMs = roundTrips[Math.floor(roundTrips.length / 2)];
  return ({ values: { latencyMs, totalMs, reportedLatencyMs } }) => {
    const measuredMs = totalMs ?? latencyMs;
    if (reportedLatencyMs === undefined || measuredMs === undefined) return false;
    if (roundTripMs === undefined) throw new RangeError('no no-op round trip was recorded');
    const shortfallMs = Math.max(SHORTFALL_SHARE * measuredMs, SHORTFALL_MS);
    return (
      reportedLatencyMs <= measuredMs + ROUNDING_MS &&
      reportedLatencyMs >= measuredMs - roundTripMs - shortfallMs
    );
  };
}
