import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** A page that never forgets: the plainest of all leaks, of a known size. */
export const leakObjects = (sizeKb: number): Defect => ({
  name: `leak-${sizeKb}kb`,
  description: `each answer leaves ${sizeKb} KB of plain objects in the page's heap`,
  page: () => withScript('leakObjects.ts', `?bytes=${sizeKb * 1024}`),
});
