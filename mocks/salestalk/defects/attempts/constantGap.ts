import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

/** A service that knocks on without a change of pace. Its jitter stays, so that only the missing growth betrays it. */
export const constantGap: Defect = {
  name: 'constant-gap',
  description: 'every wait between attempts is as short as the first (50 to 100 ms)',
  services: changeRules(({ delayMs }) => ({
    delayMs: (failure, at) =>
      delayMs(failure, at) === null ? null : delayMs(failure, { ...at, attempt: 1 }),
  })),
};
