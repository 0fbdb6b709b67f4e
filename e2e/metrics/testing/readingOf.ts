import type { Objective } from '../../core/budget/objective.ts';
import type { RequestLine, SampleLine } from '../../core/record/measurementLine.ts';
import type { ModelCallLine } from '../../core/record/recordLine.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { modelCallOf, recordOf, requestOf, STARTED_AT_MS } from '../../core/testing/recordOf.ts';
import { deriveEvents } from '../deriveEvents.ts';

/** A call as a test writes it: its arrival and end in ms after the sending of its request, and other fields. */
export type CallAt = [arrivedMs: number, endedMs: number, parts?: Partial<ModelCallLine>];

/** A request that got an error answer at `endedMs`. */
export function failedAt(endedMs: number): Partial<RequestLine> {
  return { status: 502, failure: 'status 502', values: { endedMs } };
}

/** A request whose caller left at `leftMs`. */
export function leftAt(leftMs: number): Partial<RequestLine> {
  return { status: null, failure: 'left', values: { leftMs, endedMs: leftMs } };
}

/** The first request under the fault `down`. */
export function requestUnder(parts: Partial<RequestLine> = {}): RequestLine {
  return requestOf(0, { workload: 'down', fault: 'down', ...parts });
}

/** The first measurement under the fault `down`, as part of a record: a sample, or a request with these parts. */
export function measuredUnder(
  line: Partial<RequestLine> | SampleLine,
): Pick<RunRecord, 'requests' | 'samples'> {
  const isSample = 'type' in line && line.type !== 'request';
  return isSample
    ? { requests: [], samples: [line as SampleLine] }
    : { requests: [requestUnder(line as Partial<RequestLine>)], samples: [] };
}

/** Calls of that request, with the attempts at each kind numbered. By default each of them failed. */
export function callsAt(calls: CallAt[]): ModelCallLine[] {
  const counts = new Map<string, number>();
  return calls.map(([arrivedMs, endedMs, parts = {}]) => {
    const { kind = 'classification' } = parts;
    const attempt = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, attempt);
    return modelCallOf(0, {
      attempt,
      arrivedAtMs: STARTED_AT_MS + arrivedMs,
      endedMs: endedMs - arrivedMs,
      durationMs: null,
      fault: 'status',
      ...parts,
    });
  });
}

/**
 * What a metric says of one measurement under a fault: `good` or `bad`, with the value where it has one; `missing`; or `nothing`.
 */
export function readingOf(
  objective: Objective,
  line: Partial<RequestLine> | SampleLine,
  calls: CallAt[] = [],
  more: Partial<RunRecord> = {},
): string {
  const parts = { ...measuredUnder(line), modelCalls: callsAt(calls), ...more };
  const { events, missing } = deriveEvents(objective, recordOf([objective], parts));
  const [event] = events;
  if (event === undefined) return missing === 0 ? 'nothing' : 'missing';
  const { bad, value } = event;
  // Times of 1.8 × 10¹² ms are rounded to a few ten-thousandths.
  return [bad ? 'bad' : 'good', value === null ? '' : `at ${Number(value.toFixed(2))}`]
    .filter((word) => word !== '')
    .join(' ');
}
