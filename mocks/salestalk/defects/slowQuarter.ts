import type { Defect } from './defect.ts';
import { delayAnswers } from './delayAnswers.ts';

/** A slow tail under a good median. */
export const slowQuarter: Defect = {
  name: 'slow-quarter',
  description: '25 % of the answers, drawn by the seed, come 2500 ms late',
  around: ({ clock, share }) => delayAnswers(clock, () => (share() < 0.25 ? 2500 : 0)),
};
