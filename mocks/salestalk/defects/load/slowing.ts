import type { Defect } from '../defect.ts';
import { delayAnswers } from '../delayAnswers.ts';

const slowerMs = 0.05;

/** A service that looks through all it has ever been asked. Node's timers count whole milliseconds: below one they wait one. */
export const slowing: Defect = {
  name: 'slowing',
  description: 'each request makes all later ones 0.05 ms slower',
  around: ({ clock }) => {
    let requests = 0;
    return delayAnswers(clock, () => {
      requests += 1;
      return requests * slowerMs;
    });
  },
};
