import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_RETRIES: PlantedDefect[] = [
  {
    name: 'no-retry',
    what: 'one attempt at each call of the model',
    turnsRed: ['brokenModel.retried', 'recoveringModel.answered', 'throttlingModel.answered'],
    by: 'misbehavingModel',
  },
  {
    name: 'constant-gap',
    what: 'every wait as short as the first',
    turnsRed: ['brokenModel.gapGrowth.p50'],
    by: 'misbehavingModel',
  },
  {
    name: 'no-jitter',
    what: 'waits exactly 100, 200, 400, 800 ms',
    turnsRed: ['brokenModel.jitter.p50'],
    by: 'misbehavingModel',
  },
  {
    name: 'retry-after-ignored',
    what: 'comes back sooner than Retry-After says',
    turnsRed: ['throttlingModel.retryAfter'],
    by: 'misbehavingModel',
  },
  {
    name: 'retry-storm',
    what: 'fifty attempts without a pause',
    turnsRed: [
      'brokenModel.attempts',
      'brokenModel.attemptRate',
      'brokenModel.gapGrowth.p50',
      'brokenModel.jitter.p50',
    ],
    by: 'misbehavingModel',
    loud: true,
  },
  {
    name: 'retries-validation-error',
    what: 'repeats what the model has refused',
    turnsRed: ['rejectingModel.attempts'],
    by: 'misbehavingModel',
  },
  {
    name: 'repeated-narrative',
    what: 'has a narrative written again of which part was shown',
    turnsRed: ['cutNarrative.attempts'],
    by: 'misbehavingModel',
  },
  {
    name: 'slow-recovery',
    what: 'leaves the model alone for 10 s after a failure',
    turnsRed: ['outage.recovery'],
    by: 'outage',
  },
];
