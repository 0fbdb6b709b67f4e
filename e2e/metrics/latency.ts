import { describeSlow, GOOD_SHARE, IN_THE_LOG, type MetricEntry, TIME } from './shapes.ts';

/** How long answers take, and whether they say so themselves. */
export const LATENCY_METRICS = {
  /** Send to last byte; for a part of an answer, from the part's start to its end. Under load, from the intended start. */
  latency: {
    ...TIME,
    presupposes: 'answered',
    countsUnderLoad: 'request',
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
    ...TIME,
    describeBad: ({ objective, unit }) => `showed nothing for ${objective} ${unit} or longer`,
    advice: `${IN_THE_LOG}.`,
  },

  /** Latency less the time of the model's calls. Two clocks take part, so it may be a little under zero. */
  ownTime: {
    ...TIME,
    mayBeNegative: true,
    countsUnderLoad: 'request',
    leavesOutModel: true,
    needsModelCalls: true,
    describeBad: ({ objective, unit }) => `took ${objective} ${unit} or longer of their own`,
    advice:
      "The model's time is already left out: look at what the target does before, between and after its calls of the model.",
  },

  /** Under load, from the sending of a request to its end: time that it waited before is left out. */
  serviceTime: {
    ...TIME,
    countsUnderLoad: 'request',
    valueName: 'time from the sending to the end',
    describeBad: describeSlow,
    advice: `${IN_THE_LOG}.`,
  },

  /** Time to first insight: from the sign-in to the whole first answer. */
  insight: {
    ...TIME,
    valueName: 'time from the sign-in to the whole first answer',
    describeBad: describeSlow,
    advice: ({ operation }) =>
      `Look at each step: the visit, the sign-in and the answer have objectives of their own, such as those of ${operation}.`,
  },

  /** Does the latency that an answer reports of itself agree with the measured one? */
  metadata: {
    ...GOOD_SHARE,
    statistics: ['accuracy'],
    isTimed: true,
    comparesTimes: true,
    describeBad: () => 'reported no latency, or one that disagrees with the measured one',
    shownIn: 'reportedLatency',
    advice: 'Compare the figures that these answers report with what the harness measured.',
  },
} satisfies Record<string, MetricEntry>;
