import type { Defect } from '../defect.ts';
import { failAnswers } from '../failAnswers.ts';

const windowMs = 1_000;
const mostInWindow = 80;

/**
 * A service that is well up to its limit, and beyond it of no use to anyone: what it refuses counts as arrived too, so that
 * above 80 a second for good it refuses everything.
 */
export const errorsAbove80: Defect = {
  name: 'errors-above-80',
  description: 'of more than 80 requests within a second the further ones are answered 500',
  around: ({ clock }) => {
    let arrivalsMs: number[] = [];
    return failAnswers(() => {
      const nowMs = clock.monotonicMs();
      arrivalsMs = arrivalsMs.filter((atMs) => atMs > nowMs - windowMs);
      arrivalsMs.push(nowMs);
      return arrivalsMs.length > mostInWindow;
    });
  },
};
