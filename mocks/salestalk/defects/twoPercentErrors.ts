import type { Defect } from './defect.ts';
import { failAnswers } from './failAnswers.ts';

/** A service that is quick and right when it answers, and now and then does not. */
export const twoPercentErrors: Defect = {
  name: 'two-percent-errors',
  description: '2 % of the requests, drawn by the seed, are answered 500',
  around: ({ share }) => failAnswers(() => share() < 0.02),
};
