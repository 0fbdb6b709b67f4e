import { type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

/** What a caller gets when the model fails or answers badly. */
export const DEGRADED_ANSWER_METRICS = {
  /** Is every answer that reports a failure in the form of the contract? */
  contract: {
    ...ZERO_TOLERANCE,
    describeBad: () => 'reported a failure in a form that the contract does not have',
    shownIn: 'answer',
    advice:
      'Compare these answers with the error format of the contract: status, "error", "message" and "requestId".',
  },

  /** Does no answer that reports a failure disclose a detail of the provider or a token? */
  secrecy: {
    ...ZERO_TOLERANCE,
    describeBad: () => 'disclosed a detail of the provider, or a token',
    shownIn: 'answer',
    advice:
      'Look for the code that builds error messages: addresses, provider responses and tokens belong in the log only.',
  },

  /** Is every answer either sound or a failure in the form of the contract? */
  soundness: {
    ...ZERO_TOLERANCE,
    describeBad: () => 'passed on what the model got wrong',
    shownIn: 'answer',
    advice:
      'Look for where an answer of the model is parsed: anything malformed, cut off or out of range must end in a 502, not in an answer.',
  },
} satisfies Record<string, MetricEntry>;
