import type { Clock } from '../../api/clock.ts';

/** A lock that one tenant at a time holds, for as long as any of its requests is inside. */
export type TenantLock = {
  /** Resolves once inside, with the way out, which may be taken twice. Rejects when the signal aborts before. */
  enter(tenantId: string, signal: AbortSignal): Promise<() => void>;
};

/** Whoever waits longer than `longestWaitMs` gets past the lock without holding it. */
export function tenantLock(clock: Clock, longestWaitMs: number): TenantLock {
  let holder: string | null = null;
  let inside = 0;
  const waiting = new Map<string, Set<() => void>>();

  const hold = (tenantId: string): (() => void) => {
    holder = tenantId;
    inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      inside -= 1;
      if (inside === 0) handOver();
    };
  };

  const handOver = (): void => {
    holder = null;
    const [next = []] = waiting.values();
    for (const admit of [...next]) admit();
  };

  return {
    async enter(tenantId, signal) {
      signal.throwIfAborted();
      if (holder === null || holder === tenantId) return hold(tenantId);
      const queue = waiting.get(tenantId) ?? new Set();
      waiting.set(tenantId, queue);
      return new Promise((resolve, reject) => {
        const leaveQueue = (): void => {
          callOff();
          signal.removeEventListener('abort', abort);
          queue.delete(admit);
          if (queue.size === 0) waiting.delete(tenantId);
        };
        const admit = (): void => {
          leaveQueue();
          resolve(hold(tenantId));
        };
        const abort = (): void => {
          leaveQueue();
          reject(signal.reason);
        };
        const pass = (): void => {
          leaveQueue();
          resolve(() => {});
        };
        const callOff = clock.schedule(pass, longestWaitMs);
        queue.add(admit);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
