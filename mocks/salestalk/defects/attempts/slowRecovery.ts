import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { AiProvider } from '../../api/ai/aiProvider.ts';
import type { Clock } from '../../api/clock.ts';
import type { Defect } from '../defect.ts';

const pauseMs = 10_000;

/** A service that keeps away from a model long after that is well again. */
export const slowRecovery: Defect = {
  name: 'slow-recovery',
  description:
    'once a model call has failed for good, refuses all requests for 10 s without calling the model',
  services(services, { clock }) {
    const { rules, provider } = services;
    const pause = pauseOf(clock);
    return {
      ...services,
      rules: {
        ...rules,
        delayMs(failure, at) {
          const delayMs = rules.delayMs(failure, at);
          // What the model finds fault with says nothing of how it is.
          const isUnwell = failure instanceof AiCallError && failure.mayPass;
          if (delayMs === null && isUnwell) pause.begin();
          return delayMs;
        },
      },
      provider: pausing(provider, pause),
    };
  },
};

type Pause = { begin(): void; refuse(): void };

function pauseOf(clock: Clock): Pause {
  let untilMs = Number.NEGATIVE_INFINITY;
  return {
    begin() {
      untilMs = clock.monotonicMs() + pauseMs;
    },
    refuse() {
      if (clock.monotonicMs() >= untilMs) return;
      // Of the reasons that are not worth another attempt.
      throw new AiCallError('rejected', 'the model is not called for the time being');
    },
  };
}

const pausing = (provider: AiProvider, pause: Pause): AiProvider => ({
  ...provider,
  async complete(call) {
    pause.refuse();
    return provider.complete(call);
  },
  async *stream(call) {
    pause.refuse();
    yield* provider.stream(call);
  },
});
