import { AiCallError } from '../api/ai/aiProvider.ts';
import type { AttemptRules } from '../api/ai/attemptRules.ts';
import type { Services } from '../api/services.ts';
import type { Defect } from './defect.ts';
import { guardCalls } from './gate.ts';

type DelayMs = AttemptRules['delayMs'];

const STORM_ATTEMPTS = 50;
const RECOVERY_MS = 10_000;

/** Whether and when a failed model call is repeated. */
export const RETRY_DEFECTS: readonly Defect[] = [
  {
    name: 'no-retry',
    description: 'one attempt at each model call',
    services: changeDelay(() => () => null),
  },
  {
    // The jitter stays, so that only the missing growth gives it away.
    name: 'constant-gap',
    description: 'every wait between attempts is as short as the first (50 to 100 ms)',
    services: changeDelay(
      (delayMs) => (failure, at) =>
        delayMs(failure, at) === null ? null : delayMs(failure, { ...at, attempt: 1 }),
    ),
  },
  {
    name: 'no-jitter',
    description: 'waits exactly 100, 200, 400, 800 ms between attempts',
    services: (services) => ({ ...services, jitter: () => 1 }),
  },
  {
    name: 'retry-after-ignored',
    description: 'retries after its own backoff, whatever Retry-After says',
    services: changeFailure(({ reason, message }) => new AiCallError(reason, message)),
  },
  {
    // It honours Retry-After: ignoring that is a defect of its own.
    name: 'retry-storm',
    description: 'up to 50 attempts without a pause, unless Retry-After asks for one',
    services: changeDelay((delayMs) => (failure, at) => {
      if (!(failure instanceof AiCallError) || !failure.mayPass || failure.retryAfter !== null) {
        return delayMs(failure, at);
      }
      return at.attempt < STORM_ATTEMPTS && at.leftMs > 0 ? 0 : null;
    }),
  },
  {
    name: 'retries-validation-error',
    description:
      'retries a call that the provider rejected (400) like one that failed at the provider',
    services: changeFailure((failure) =>
      failure.reason === 'rejected' ? new AiCallError('server', failure.message) : failure,
    ),
  },
  {
    name: 'slow-recovery',
    description:
      'once a model call has failed for good, refuses all requests for 10 s without calling the model',
    services(services, { clock }) {
      const { rules, provider } = services;
      let pausedUntilMs = Number.NEGATIVE_INFINITY;
      return {
        ...services,
        rules: {
          ...rules,
          delayMs(failure, at) {
            const delayMs = rules.delayMs(failure, at);
            // A rejected request says nothing about the health of the model.
            const isUnwell = failure instanceof AiCallError && failure.mayPass;
            if (delayMs === null && isUnwell) pausedUntilMs = clock.monotonicMs() + RECOVERY_MS;
            return delayMs;
          },
        },
        provider: guardCalls(provider, async () => {
          if (clock.monotonicMs() >= pausedUntilMs) return () => undefined;
          // A reason that is not retried.
          throw new AiCallError('rejected', 'the model is not called for the time being');
        }),
      };
    },
  },
];

/** Replaces the wait before the next attempt that SalesTalk's own rules give. */
function changeDelay(change: (delayMs: DelayMs) => DelayMs) {
  return (services: Services): Services => {
    const { rules } = services;
    return { ...services, rules: { ...rules, delayMs: change(rules.delayMs) } };
  };
}

/** Has SalesTalk's own rules judge another failure than the one that happened. */
function changeFailure(change: (failure: AiCallError) => AiCallError) {
  return changeDelay(
    (delayMs) => (failure, at) =>
      delayMs(failure instanceof AiCallError ? change(failure) : failure, at),
  );
}
