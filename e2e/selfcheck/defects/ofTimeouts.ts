import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_TIMEOUTS: PlantedDefect[] = [
  {
    name: 'no-timeout',
    what: 'waits for the model as long as the HTTP client does',
    turnsRed: ['hungModel.timeout', 'hungModel.refusal', 'hungPage.page'],
    by: 'misbehavingModel',
    pages: true,
  },
  {
    name: 'long-timeout',
    what: 'gives each attempt a minute',
    turnsRed: ['hungModel.timeout', 'hungModel.refusal'],
    by: 'misbehavingModel',
    another: true,
  },
  {
    name: 'short-timeout',
    what: 'gives up a model that takes 5 s',
    turnsRed: ['slowModel.answered'],
    by: 'misbehavingModel',
    args: ['--ai-timeout-ms', '2000'],
  },
  {
    name: 'unreleased-call',
    what: 'answers its caller, and leaves the call of the model open',
    // The time-out is seen by the call that it ends.
    turnsRed: ['hungModel.timeout', 'hungModel.released'],
    by: 'misbehavingModel',
  },
  {
    name: 'abandoned-work',
    what: 'goes on when the caller has left',
    turnsRed: ['callerLeaves.workStops'],
    by: 'misbehavingModel',
  },
];
