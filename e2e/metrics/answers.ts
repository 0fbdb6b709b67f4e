import type { RequestLine } from '../core/record/measurementLine.ts';
import { eachCheck, eachRequest, type Given, type Reading, reportsFailure } from './derivation.ts';
import { findFaultedCalls } from './retries.ts';
import { GOOD_SHARE, IN_THE_LOG, type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

export const AVAILABILITY_METRICS = {
  /** Was the request answered at all? It depends on time: callers give up, and a connection that waits too long is closed. */
  availability: {
    ...GOOD_SHARE,
    isTimed: true,
    countsUnderLoad: 'request',
    derive: eachRequest(({ failure }) => ({ value: null, bad: failure !== null })),
    readLoad: ({ failure }) => ({ value: null, bad: failure !== null }),
    describeBad: () => 'failed',
    shownIn: 'answer',
    advice: `${IN_THE_LOG}.`,
  },
} satisfies Record<string, MetricEntry>;

/** What a caller gets when the model fails or answers badly. */
export const DEGRADED_ANSWER_METRICS = {
  /** Is every answer that reports a failure in the form of the contract? */
  contract: {
    ...ZERO_TOLERANCE,
    derive: eachCheck('request', 'contract', isFailedAnswer),
    describeBad: () => 'reported a failure in a form that the contract does not have',
    shownIn: 'answer',
    advice:
      'Compare these answers with the error format of the contract: status, "error", "message" and "requestId".',
  },

  /** Does no answer that reports a failure disclose a detail of the provider or a token? */
  secrecy: {
    ...ZERO_TOLERANCE,
    derive: eachCheck('request', 'secrecy', reportsFailure),
    describeBad: () => 'disclosed a detail of the provider, or a token',
    shownIn: 'answer',
    advice:
      'Look for the code that builds error messages: addresses, provider responses and tokens belong in the log only.',
  },

  /** Is every answer either sound or a failure in the form of the contract? */
  soundness: {
    ...ZERO_TOLERANCE,
    derive: eachRequest(readSoundness),
    describeBad: () => 'passed on what the model got wrong',
    shownIn: 'answer',
    advice:
      'Look for where an answer of the model is parsed: anything malformed, cut off or out of range must end in a 502, not in an answer.',
  },
} satisfies Record<string, MetricEntry>;

/** A sound answer shows nothing if the model was well; an unsound one is bad all the same. */
function readSoundness(request: RequestLine, given: Given): Reading {
  const isSound = request.checks.soundness;
  if (isSound === undefined) return 'missing';
  if (isSound && findFaultedCalls(request, given) === null) return 'missing';
  return { value: null, bad: !isSound };
}

/** A caller that left, or whose connection broke off, got no answer to check. */
function isFailedAnswer({ failure, values }: RequestLine): boolean {
  return failure !== null && values.leftMs === undefined;
}
