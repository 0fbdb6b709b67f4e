import type { AiProvider } from '../../api/ai/aiProvider.ts';
import type { Defect } from '../defect.ts';
import { leaveBehind } from './leaveBehind.ts';

/** A service that gives up a call without telling its model, which goes on holding a connection and working for nobody. */
export const unreleasedCall: Defect = {
  name: 'unreleased-call',
  description: 'after its time-out the caller is answered, but the call of the model goes on',
  services: (services) => ({ ...services, provider: unreleasing(services.provider) }),
};

const unreleasing = (provider: AiProvider): AiProvider => ({
  ...provider,
  complete(call) {
    const { signal, orLeft } = leaveBehind(call.signal);
    return orLeft(provider.complete({ ...call, signal }));
  },
  async *stream(call) {
    const { signal, orLeft, hasLeft } = leaveBehind(call.signal);
    const chunks = provider.stream({ ...call, signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await orLeft(chunks.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      if (!hasLeft()) await chunks.return?.();
    }
  },
});
