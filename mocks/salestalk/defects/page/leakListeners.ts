import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** Listeners added anew for each answer, and never removed. */
export const leakListeners: Defect = {
  name: 'leak-listeners',
  description: 'each answer leaves five event listeners on the window',
  page: () => withScript('leakListeners.ts'),
};
