/** The time from each call to the next, in milliseconds. */
export function gapsMs(calls: readonly { arrivedAtMs: number }[]): number[] {
  return calls.slice(1).map(({ arrivedAtMs }, index) => {
    const before = calls[index];
    if (before === undefined) throw new RangeError('A call without one before it');
    return arrivedAtMs - before.arrivedAtMs;
  });
}
