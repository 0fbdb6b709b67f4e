import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** Elements that left the document, or never were in it, but that a script still holds. */
export const leakDetached: Defect = {
  name: 'leak-detached',
  description: 'each answer leaves a detached copy of its elements',
  page: () => withScript('leakDetached.ts'),
};
