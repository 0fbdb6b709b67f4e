/** Those inside, or those who wait, in the order in which they came. */
export type Visitors<Who> = ReadonlySet<{ who: Who }>;

/** Where requests wait for one another. */
export type Gate<Who> = {
  /** Resolves once inside, with the way out, which may be taken twice. Rejects when the signal aborts before. */
  enter(who: Who, signal: AbortSignal): Promise<() => void>;
};

/**
 * A gate that lets in whom `mayEnter` lets in, first come first served. It is asked when somebody comes, of him, and whenever
 * somebody leaves, inside or waiting, of all who wait; those are among `waiting`, who comes is not.
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
