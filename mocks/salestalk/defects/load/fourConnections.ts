import type { AiCall, AiProvider } from '../../api/ai/aiProvider.ts';
import type { Defect } from '../defect.ts';
import { gate } from '../gate.ts';

const connections = 4;

/** A service whose pool of connections to its model is smaller than its load. Time spent waiting for one is an attempt's own. */
export const fourConnections: Defect = {
  name: 'four-connections',
  description: 'no more than four calls of the model at a time; the others wait their turn',
  services: (services) => ({ ...services, provider: pooled(services.provider) }),
};

function pooled(provider: AiProvider): AiProvider {
  const pool = gate<null>((_, inside) => inside.size < connections);
  const enter = async ({ signal }: AiCall): Promise<() => void> => {
    const leave = await pool.enter(null, signal);
    // An aborted call holds no connection, though nobody may come back to end its stream.
    signal.addEventListener('abort', leave, { once: true });
    return () => {
      signal.removeEventListener('abort', leave);
      leave();
    };
  };
  return {
    ...provider,
    async complete(call) {
      const leave = await enter(call);
      try {
        return await provider.complete(call);
      } finally {
        leave();
      }
    },
    async *stream(call) {
      const leave = await enter(call);
      try {
        yield* provider.stream(call);
      } finally {
        leave();
      }
    },
  };
}
