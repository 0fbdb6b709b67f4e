import type { AiCall, AiProvider } from '../api/ai/aiProvider.ts';

/** Requests inside a gate, or waiting at it, in order of arrival. */
export type Visitors<Who> = ReadonlySet<{ who: Who }>;

/** A place where requests wait for one another. */
export type Gate<Who> = {
  /** Resolves on entry with the function that leaves, safe to call twice. Rejects if the signal aborts before entry. */
  enter(who: Who, signal: AbortSignal): Promise<() => void>;
};

/**
 * A gate that admits requests in order of arrival as far as `mayEnter` allows. It is asked for a request that arrives,
 * which is not among `waiting`, and for all that wait whenever one leaves.
 */
export function gate<Who>(
  mayEnter: (who: Who, inside: Visitors<Who>, waiting: Visitors<Who>) => boolean,
): Gate<Who> {
  const inside = new Set<{ who: Who }>();
  const waiting = new Set<{ who: Who; admit: () => void }>();

  const goIn = (who: Who): (() => void) => {
    const visitor = { who };
    inside.add(visitor);
    return () => {
      if (inside.delete(visitor)) admitNext();
    };
  };

  const admitNext = (): void => {
    for (const { who, admit } of waiting) if (mayEnter(who, inside, waiting)) admit();
  };

  return {
    async enter(who, signal) {
      signal.throwIfAborted();
      if (mayEnter(who, inside, waiting)) return goIn(who);
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          waiting.delete(visitor);
          reject(signal.reason);
          admitNext();
        };
        const admit = (): void => {
          waiting.delete(visitor);
          signal.removeEventListener('abort', abort);
          resolve(goIn(who));
        };
        const visitor = { who, admit };
        waiting.add(visitor);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}

/** Lets each call of a provider start once `enter` resolves; the function that it gives is called at the end. */
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
