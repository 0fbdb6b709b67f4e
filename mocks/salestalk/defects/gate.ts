import type { AiCall, AiProvider } from '../api/ai/aiProvider.ts';
import type { Clock } from '../api/clock.ts';

/** Requests inside a gate, or waiting at it, in order of arrival. */
type GateRequests<Owner> = ReadonlySet<{ owner: Owner }>;

/** A place where requests wait for one another. */
export type Gate<Owner> = {
  /** Resolves on entry with the function that leaves, safe to call twice. Rejects if the signal aborts before entry. */
  enter(owner: Owner, signal: AbortSignal): Promise<() => void>;
};

/**
 * A gate that admits requests in order of arrival as far as `mayEnter` allows. It asks for a request that arrives, which is
 * not yet among `waiting`, and for all waiting ones whenever one leaves.
 */
export function createGate<Owner>(
  mayEnter: (owner: Owner, inside: GateRequests<Owner>, waiting: GateRequests<Owner>) => boolean,
): Gate<Owner> {
  const inside = new Set<{ owner: Owner }>();
  const waiting = new Set<{ owner: Owner; admit: () => void }>();

  const goIn = (owner: Owner): (() => void) => {
    const request = { owner };
    inside.add(request);
    return () => {
      if (inside.delete(request)) admitNext();
    };
  };

  const admitNext = (): void => {
    for (const { owner, admit } of waiting) if (mayEnter(owner, inside, waiting)) admit();
  };

  return {
    async enter(owner, signal) {
      signal.throwIfAborted();
      if (mayEnter(owner, inside, waiting)) return goIn(owner);
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          waiting.delete(request);
          reject(signal.reason);
          admitNext();
        };
        const admit = (): void => {
          waiting.delete(request);
          signal.removeEventListener('abort', abort);
          resolve(goIn(owner));
        };
        const request = { owner, admit };
        waiting.add(request);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}

/**
 * A lock that one owner at a time holds, as long as any of its requests is inside. A request that has waited for
 * `longestWaitMs` passes without the lock.
 */
export function createOwnerLock(clock: Clock, longestWaitMs: number): Gate<string> {
  const lock = createGate<string>((owner, inside) => haveOwner(inside, owner));
  return {
    async enter(owner, signal) {
      const timeout = new AbortController();
      const cancel = clock.schedule(() => timeout.abort(), longestWaitMs);
      try {
        return await lock.enter(owner, AbortSignal.any([signal, timeout.signal]));
      } catch (failure) {
        if (signal.aborted) throw failure;
        return () => {};
      } finally {
        cancel();
      }
    },
  };
}

export function haveOwner(requests: GateRequests<string>, owner: string): boolean {
  return requests.values().every((request) => request.owner === owner);
}

/** Starts each call of a provider once `enter` resolves, and calls the function that it gives when the call ends. */
export function guardCalls(
  provider: AiProvider,
  enter: (call: AiCall) => Promise<() => void>,
): AiProvider {
  return {
    ...provider,
    async complete(call) {
      const leave = await enter(call);
      return provider.complete(call).finally(leave);
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
