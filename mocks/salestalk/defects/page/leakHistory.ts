import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** The page shows the latest 20 answers and lets go of the others; this one would like to show them all again some day. */
export const leakHistory: Defect = {
  name: 'leak-history',
  description: 'the page keeps what every answer said, not only the latest 20: some 3 KB each',
  page: () => withScript('leakHistory.ts'),
};
