import type { NoopLine, RequestLine } from './recordLine.ts';

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
