import type { Defect } from './defect.ts';
import { rewriteAnswers } from './rewriteAnswers.ts';

/** A service that keeps its own measurements to itself. */
export const noMetadata: Defect = {
  name: 'no-metadata',
  description: 'answers come without metadata',
  plant: () => rewriteAnswers(({ metadata: _, ...answer }) => answer),
};
