import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

/** A service that repeats what it was told is wrong. */
export const retriesValidationError: Defect = {
  name: 'retries-validation-error',
  description:
    "retries a call that the provider found fault with (400) as it would the provider's own failure",
  services: changeRules(({ delayMs }) => ({
    delayMs: (failure, at) =>
      delayMs(
        failure instanceof AiCallError && failure.reason === 'rejected'
          ? new AiCallError('server', failure.message)
          : failure,
        at,
      ),
  })),
};
