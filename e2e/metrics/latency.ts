import { responseMs } from '../core/record/loadTable.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import { CLOCK_MS, findContradiction } from './contradictions.ts';
import {
  type Derived,
  eachAnswered,
  eachRequest,
  eachValue,
  type Given,
  type Missing,
  readValue,
  UNDER_LOAD_ALONE,
} from './derivation.ts';
import { readAnsweredUnderLoad } from './loadEvents.ts';
import {
  describeSlow,
  GOOD_SHARE,
  IN_THE_LOG,
  MAX_CALLS,
  type MetricEntry,
  TIME,
} from './shapes.ts';

/** How long answers take, whether they say so themselves, and how often they call the model. */
export const LATENCY_METRICS = {
  /** Send to last byte; for a part of an answer, from the part's start to its end. Under load, from the intended start. */
  latency: {
    ...TIME,
    presupposes: 'answered',
    countsUnderLoad: 'request',
    derive: eachValue(['request', 'iteration', 'visit', 'start'], 'latencyMs'),
    readLoad: readAnsweredUnderLoad(responseMs),
    describeBad: describeSlow,
    advice: ({ operation, fault }) => {
      if (operation === 'coldStart') {
        return 'Record a profile of a start (node --cpu-prof): modules and connections that the first answer does not need can come later.';
      }
      return fault === null
        ? `${IN_THE_LOG}; ${operation}.ownTime says whether the model or the target itself was slow.`
        : `${IN_THE_LOG}, and subtract the time that the model was set to take: the rest is the target's own.`;
    },
  },

  /** Send to the first piece of a streamed answer. */
  firstChunk: {
    title: 'first words',
    ...TIME,
    derive: eachValue(['request', 'iteration', 'visit'], 'firstChunkMs'),
    describeBad: ({ objective, unit }) => `showed nothing for ${objective} ${unit} or longer`,
    advice: `${IN_THE_LOG}.`,
  },

  /** Latency less the time of the model's calls. The two come from different clocks, so it may be a little under zero. */
  ownTime: {
    ...TIME,
    mayBeNegative: true,
    countsUnderLoad: 'request',
    leavesOutModel: true,
    needsModelCalls: true,
    derive: eachAnswered(['request'], readOwnTime),
    readLoad: readAnsweredUnderLoad(({ serviceMs, modelMs }) =>
      serviceMs === null || modelMs === null ? null : serviceMs - modelMs,
    ),
    describeBad: ({ objective, unit }) => `took ${objective} ${unit} or longer of their own`,
    advice:
      "The model's time is already left out: look at what the target does before, between and after its calls of the model.",
  },

  /** Under load, from the sending of a request to its end, without its wait before the sending. */
  serviceTime: {
    ...TIME,
    countsUnderLoad: 'request',
    derive: UNDER_LOAD_ALONE,
    readLoad: readAnsweredUnderLoad(({ serviceMs }) => serviceMs),
    valueName: 'time from the sending to the end',
    describeBad: describeSlow,
    advice: `${IN_THE_LOG}.`,
  },

  /** Time to first insight: from the sign-in to the whole first answer. */
  insight: {
    ...TIME,
    derive: eachValue(['visit'], 'insightMs'),
    valueName: 'time from the sign-in to the whole first answer',
    describeBad: describeSlow,
    advice: ({ operation }) =>
      `Look at each step: the visit, the sign-in and the answer have objectives of their own, such as those of ${operation}.`,
  },

  /** Does the latency that an answer reports of itself agree with the measured one? */
  metadata: {
    title: 'accuracy of the reported latency',
    ...GOOD_SHARE,
    statistics: ['accuracy'],
    isTimed: true,
    comparesTimes: true,
    derive: deriveMetadataAccuracy,
    describeBad: () => 'reported no latency, or one that disagrees with the measured one',
    shownIn: 'reportedLatency',
    advice: 'Compare the figures that these answers report with what the harness measured.',
  },

  /** Calls of the model that one request causes. A request without a call that was seen is missing, not zero. */
  modelCalls: {
    ...MAX_CALLS,
    statistics: ['perRequest'],
    needsModelCalls: true,
    derive: eachAnswered(
      ['request'],
      (request, { callsOf }) => callsOf(request).length || undefined,
    ),
    valueName: 'calls of the model',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit}`,
    advice: 'Look for retries and duplicate calls: each call of the model costs money.',
  },
} satisfies Record<string, MetricEntry>;

/** Whole latency less the durations of the model's calls. */
function readOwnTime(request: RequestLine, given: Given): number | Missing {
  const wholeMs = readValue(wholeLatencyKey(request), request, given);
  const modelMs = sumDurations(given.callsOf(request));
  if (typeof wholeMs !== 'number') return wholeMs;
  if (modelMs === undefined) return 'missing';
  const ownMs = wholeMs - modelMs;
  return ownMs >= -CLOCK_MS ? ownMs : { missing: 'its calls of the model took longer together' };
}

/** The value from send to last byte: where an answer has parts, `latencyMs` is the time of one part, such as the narrative. */
function wholeLatencyKey({ values }: RequestLine): 'totalMs' | 'latencyMs' {
  return values.totalMs === undefined ? 'latencyMs' : 'totalMs';
}

/** Known only where every call was seen to its end. */
function sumDurations(calls: ModelCallLine[]): number | undefined {
  const durations = calls.map((call) => call.durationMs);
  if (durations.length === 0 || !durations.every((ms) => ms !== null)) return undefined;
  return durations.reduce((sum, ms) => sum + ms, 0);
}

/** Compares reported with measured latencies, which needs the round trip of a no-op. */
function deriveMetadataAccuracy(given: Given): Derived {
  const { noops, disturbances } = given.record;
  const roundTripsMs = noops.map((noop) => noop.roundTripMs).sort((a, b) => a - b);
  const roundTripMs = roundTripsMs[Math.floor(roundTripsMs.length / 2)];
  return eachRequest((request) => {
    if (request.failure !== null) return null;
    if (roundTripMs === undefined) return 'missing';
    const key = wholeLatencyKey(request);
    const contradiction = findContradiction(key, request, given.callsOf(request), disturbances);
    return contradiction === null
      ? { value: null, bad: !isReportAccurate(request, roundTripMs) }
      : { missing: contradiction };
  })(given);
}

/** Whole milliseconds are reported, so a report may be rounded up by this much. */
const ROUNDING_MS = 1;
/** A report may be shorter by the larger of these two: time spent outside the handler. */
const SHORTFALL_SHARE = 0.1;
const SHORTFALL_MS = 5;

/** It may exceed the measured one by the rounding, and fall short of it by the round trip of a no-op plus the tolerance above. */
function isReportAccurate({ values }: RequestLine, noopRoundTripMs: number): boolean {
  const { latencyMs, totalMs = latencyMs, reportedLatencyMs } = values;
  if (reportedLatencyMs === undefined || totalMs === undefined) return false;
  const shortfallMs = Math.max(SHORTFALL_SHARE * totalMs, SHORTFALL_MS);
  return (
    reportedLatencyMs <= totalMs + ROUNDING_MS &&
    reportedLatencyMs >= totalMs - noopRoundTripMs - shortfallMs
  );
}
