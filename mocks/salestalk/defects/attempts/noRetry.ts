import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

/** A service that gives up at the first failure. */
export const noRetry: Defect = {
  name: 'no-retry',
  description: 'one attempt at each model call',
  services: changeRules(() => ({ delayMs: () => null })),
};
