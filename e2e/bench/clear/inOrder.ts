/** Hands on what comes in the order of its numbers, from 0 on, in whatever order it comes: what is ahead of an earlier one is held. */
export function inOrder<T extends { index: number }>(take: (one: T) => void): (one: T) => void {
  const waiting = new Map<number, T>();
  let next = 0;
  return (one) => {
    waiting.set(one.index, one);
    for (let first = waiting.get(next); first !== undefined; first = waiting.get(next)) {
      waiting.delete(next++);
      take(first);
    }
  };
}
