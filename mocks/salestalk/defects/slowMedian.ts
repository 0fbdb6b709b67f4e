import type { Defect } from './defect.ts';
import { delayAnswers } from './delayAnswers.ts';

/** Moves the whole distribution: the median leaves its objective first. */
export const slowMedian: Defect = {
  name: 'slow-median',
  description: 'every answer comes 1100 ms late',
  around: ({ clock }) => delayAnswers(clock, () => 1100),
};
