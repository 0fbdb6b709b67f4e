import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

const stormAttempts = 50;

/** A service that beats on a model that is down. It waits where it is told to: ignoring that is a defect of its own. */
export const retryStorm: Defect = {
  name: 'retry-storm',
  description: 'up to 50 attempts without a pause, unless Retry-After asks for one',
  services: changeRules(({ delayMs }) => ({
    delayMs(failure, at) {
      if (!(failure instanceof AiCallError) || !failure.mayPass || failure.retryAfter !== null) {
        return delayMs(failure, at);
      }
      return at.attempt < stormAttempts && at.leftMs > 0 ? 0 : null;
    },
  })),
};
