import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

/** A service that does not listen when it is asked to wait. */
export const retryAfterIgnored: Defect = {
  name: 'retry-after-ignored',
  description: 'retries after its own backoff, whatever Retry-After says',
  services: changeRules(({ delayMs }) => ({
    delayMs: (failure, at) =>
      delayMs(
        failure instanceof AiCallError ? new AiCallError(failure.reason, failure.message) : failure,
        at,
      ),
  })),
};
