import { z } from 'zod';
import { MAX_TIME, MAXIMUM, type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

/** A time-out that has not fired after this long is as good as none: a gateway in front gives up before. */
const DEFAULT_CLIENT_TIMEOUT_MS = 30_000;

/** What happens when a model hangs, or a caller leaves. */
export const TIMEOUT_METRICS = {
  /** From the arrival of a call at a model that hangs to the moment when the target gives it up. */
  timeout: {
    ...MAXIMUM,
    chart: 'each value',
    unit: 'ms',
    key: 'clientTimeoutMs',
    limit: z
      .number()
      .positive()
      .default(DEFAULT_CLIENT_TIMEOUT_MS)
      .describe('The time-out of the target must have fired by then, in ms'),
    valueName: 'time until the hanging call was given up',
    describeBad: ({ objective, unit }) =>
      `left the model hanging for more than ${objective} ${unit}`,
    advice:
      'Look for the time-out of the HTTP client that calls the model: it is missing, longer than the objective, or restarts with each attempt or byte.',
  },

  /** Send to the answer that says that there will be none. */
  refusal: {
    ...MAX_TIME,
    valueName: 'time until the caller was told',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit} to be refused`,
    advice:
      'Add up how long the target tries: the time-out of an attempt times the number of attempts, and the waits between them. It needs a limit on the whole.',
  },

  /** Is every call of the model over once the caller has its answer, or soon after? */
  released: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    presupposes: 'timeout',
    describeBad: () => 'left a call of the model open',
    shownIn: 'modelCalls',
    advice:
      'Look at what happens to the call of the model when its time-out fires: the caller gets an answer, but the call must also be aborted, or it keeps its connection.',
  },

  /** Does the work behind a request stop once its caller has left? */
  workStops: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    describeBad: () => 'went on after the caller had left',
    shownIn: 'modelCalls',
    advice:
      'Check whether the target notices that the caller closed the connection, and aborts the call of the model: otherwise the whole call is paid for.',
  },

  /** Does the page say that there will be no answer? */
  page: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    describeBad: () => 'showed nothing of the failure',
    advice:
      'Open the page, ask while the model hangs, and see what the page does: an error of the API, or a time-out of the page, must end in an alert with a way to try again.',
  },
} satisfies Record<string, MetricEntry>;
