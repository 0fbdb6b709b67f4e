import type { Defect } from '../defect.ts';
import { delayAnswers } from '../delayAnswers.ts';

const everyMs = 20_000;
const stallMs = 3_000;

/**
 * A service that stands still now and then, as for a collection of garbage or a failover. Whoever waits for an answer
 * before it sends the next request meets each stall once, and thinks little of it.
 */
export const stall: Defect = {
  name: 'stall',
  description:
    'every 20 s from its start, requests that arrive within 3 s wait until those are over',
  around: ({ clock }) => {
    const startMs = clock.monotonicMs();
    return delayAnswers(clock, () => {
      const elapsedMs = clock.monotonicMs() - startMs;
      return elapsedMs < everyMs ? 0 : Math.max(0, stallMs - (elapsedMs % everyMs));
    });
  },
};
