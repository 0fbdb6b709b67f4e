import type { Clock } from '../../api/clock.ts';
import { type Gate, gate } from '../gate.ts';
import { areAll } from './areAll.ts';

/**
 * A lock that one tenant at a time holds, for as long as any of its requests is inside.
 * Whoever waits longer than `longestWaitMs` gets past the lock without holding it.
 */
export function tenantLock(clock: Clock, longestWaitMs: number): Gate<string> {
  const lock = gate<string>((tenantId, inside) => areAll(tenantId, inside));
  return {
    async enter(tenantId, signal) {
      const patience = new AbortController();
      const callOff = clock.schedule(() => patience.abort(), longestWaitMs);
      try {
        return await lock.enter(tenantId, AbortSignal.any([signal, patience.signal]));
      } catch (failure) {
        if (signal.aborted) throw failure;
        return () => {};
      } finally {
        callOff();
      }
    },
  };
}
